// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Founding, Ledger} from "./Ledger.sol";
import {OutcomeLib} from "./OutcomeLib.sol";
import {Memory} from "./Memory.sol";
import {Lanes, Tally} from "./Tally.sol";
import "./Errors.sol";

/// @notice An interval of set-points, in thousandths of the element's unit.
struct Option {
    int32 low;
    int32 high;
}

/// @notice What the parties agree at deployment, and nobody can change.
/// @param parties Who holds seat 0, 1, …
/// @param meter Whose signature a report must carry.
/// @param options The set-points on the table.
/// @param defaultOption The option instructed where nobody takes part.
/// @param authority The seat that breaks the first tie.
/// @param horizon How many windows a session has: one, or a day's.
/// @param bond What a party forfeits in a window for not revealing or for blocking, in ticks.
/// @param tick What a tick is worth, in wei.
/// @param period Seconds between the closing of one session's bids and the next's.
/// @param revealing Seconds to reveal sealed bids in; 0 where bids are open.
/// @param feeCap The base fee, in wei, above which a session is not negotiated; 0 for no cap.
struct Terms {
    address[] parties;
    address meter;
    Option[] options;
    uint8 defaultOption;
    uint8 authority;
    uint8 horizon;
    uint64 bond;
    uint64 tick;
    uint32 period;
    uint32 revealing;
    uint128 feeCap;
}

/// @notice What a party sent for a session, as it is presented to the decision.
/// @param covered A bit for each window that the bid is for.
/// @param caps Sealed: four bytes for each covered window, the most that is offered in it.
/// @param bids Encoded as the heir defines it; empty if not revealed.
/// @param salt Sealed: the salt; if not revealed, the seal itself.
struct Sent {
    uint256 covered;
    bytes caps;
    bytes bids;
    bytes32 salt;
}

/// @notice What a party sent for a session, while it is negotiated.
/// @param covered A bit for each window that it sent a bid for.
/// @param passed How many of those windows are behind.
/// @param width How many bytes each number has; none if its bids are not in the open.
/// @param numbers Where in memory its numbers start: the rows of `Tally`, one behind the other.
/// @param points Where in memory its exact set-points start, four bytes each; zero if it names none.
/// @param caps Where in memory its caps start, four bytes each.
/// @param salt As it was sent.
struct Bidder {
    uint256 covered;
    uint256 passed;
    uint256 width;
    uint256 numbers;
    uint256 points;
    uint256 caps;
    bytes32 salt;
}

/// @notice What is used again from window to window of a session.
/// @param bidders Who holds each seat.
/// @param by How the rows of this session are split.
/// @param pointed Whether any bidder names exact set-points.
/// @param covering A bit for each seat that sent a bid for the present window.
/// @param present A bit for each seat that takes part in it.
/// @param dues For each seat, what settlement frees for it.
/// @param rows For each participant, in the order of seats, its bid.
/// @param payments For each participant, what it pays, as a signed number.
/// @param room For the mechanism: two words an option, and `Tally.ROOM`.
struct Table {
    Bidder[] bidders;
    Lanes by;
    bool pointed;
    uint256 covering;
    uint256 present;
    uint256[] dues;
    uint256[] rows;
    uint256[] payments;
    uint256[] room;
}

/// @title Shared control of an element, by a mechanism that the parties agreed
/// @notice The general form of smart contract of Thomas et al., Nature Energy 4 (2019), Fig. 1:
/// deposit, setting of preferences, negotiation, instruction, settlement, withdrawal.
/// @dev Twin of `market/local.py`; how an option is chosen and paid for is for the heirs. Money, and
/// the hashes of bids and outcomes, are in `Ledger`.
abstract contract SharedControl is Ledger {
    /* CONSTANTS */

    bytes32 private constant REPORT =
        keccak256("Report(uint256 session,int32[] flows,uint256[] blocked)");

    uint256 private constant COMMITTED = 1;
    uint256 private constant REVEALED = 2;

    /* TERMS */

    /// @notice How many options there are.
    uint256 public immutable OPTIONS;
    /// @notice The option instructed where nobody takes part.
    uint256 public immutable DEFAULT_OPTION;
    /// @notice What a party forfeits in a window for not revealing or for blocking, in ticks.
    uint256 public immutable BOND;
    /// @notice Seconds to reveal sealed bids in; 0 where bids are open.
    uint256 public immutable REVEALING;
    /// @notice The base fee, in wei, above which a session is not negotiated; 0 for no cap.
    uint256 public immutable FEE_CAP;

    /* STORAGE */

    /// @notice The seat that breaks the next tie.
    uint8 public authority;

    /// @dev Four options a slot, the low end of each above the high end, since few are read at once.
    uint256[64] private _options;
    mapping(uint256 session => uint256 feeAndOne) private _fees;

    /* EVENTS: with those of `Ledger`, at least one for each stage */

    /// @notice Stage 2: a session opened, at a base fee in wei; bids are refused if it is dear.
    event SessionOpened(uint256 indexed session, uint256 fee, bool dear);
    /// @notice Stage 2: an open bid was recorded.
    event BidRecorded(uint256 indexed session, uint256 indexed seat, uint256 covered, bytes bids);
    /// @notice Stage 2: a sealed bid was recorded.
    event BidCommitted(
        uint256 indexed session, uint256 indexed seat, uint256 covered, bytes caps, bytes32 seal
    );
    /// @notice Stage 2: a sealed bid was revealed.
    event BidRevealed(uint256 indexed session, uint256 indexed seat, bytes bids, bytes32 salt);
    /// @notice Stages 3 and 4: the mechanism chose, and the controller is to apply, a record
    /// for each window; `OutcomeLib` says how it is laid out.
    event SessionDecided(uint256 indexed session, bytes outcome);
    /// @notice Stage 5: the meter reported flows, and for each window a bit for each blocking seat.
    event FlowMetered(uint256 indexed session, int32[] flows, uint256[] blocked);

    /* CONSTRUCTOR */

    constructor(Terms memory terms)
        Ledger(Founding(terms.parties, terms.meter, terms.horizon, terms.tick, terms.period))
    {
        OPTIONS = terms.options.length;
        // Seats are numbered in one byte of an outcome, and are the bits of a word.
        require(PARTIES <= 255, TermsRefused("parties"));
        require(OPTIONS >= 2 && OPTIONS <= 255, TermsRefused("options"));
        require(terms.defaultOption < OPTIONS, TermsRefused("default"));
        require(terms.authority < PARTIES, TermsRefused("authority"));
        require(terms.bond <= MOST, TermsRefused("bond"));
        require(terms.revealing <= terms.period, TermsRefused("period"));
        for (uint256 option; option < OPTIONS; ++option) {
            (int32 low, int32 high) = (terms.options[option].low, terms.options[option].high);
            require(low <= high, TermsRefused("options"));
            uint256 range = uint256(uint32(low)) << 32 | uint32(high);
            _options[option / 4] |= range << 64 * (option % 4);
        }
        DEFAULT_OPTION = terms.defaultOption;
        BOND = terms.bond;
        REVEALING = terms.revealing;
        FEE_CAP = terms.feeCap;
        authority = terms.authority;
    }

    /* STAGE 2: SETTING OF PREFERENCES */

    /// @notice Compare the base fee of this block with the cap, once and for all, for a session.
    /// @dev Needed before the first bid where there is a cap; anyone may call.
    function open(uint256 session) external {
        require(FEE_CAP != 0 && _fees[session] == 0, WindowNotReady(session));
        _checkOpen(session);

        _fees[session] = block.basefee + 1;

        emit SessionOpened(session, block.basefee, block.basefee > FEE_CAP);
    }

    /// @notice Record the sender's open bid, and lock its highest offer and the bond for each window.
    /// @param covered A bit for each window of the session that the bid is for.
    /// @param bids Encoded as the heir defines it.
    function submit(uint256 seat, uint256 session, uint256 covered, bytes memory bids) external {
        require(REVEALING == 0, WrongSealing());
        uint256 count = _checkBid(seat, session, covered);
        Bidder memory bidder;
        _lay(bidder, bids, count);
        require(bidder.width != 0, BidUnreadable(seat, 0));
        Lanes memory by = Tally.lanes(OPTIONS, bidder.width);
        uint256 needed = count * BOND;
        uint256 row = bidder.numbers;
        for (uint256 k; k < count; ++k) {
            require(_isWellFormed(by, row), BidUnreadable(seat, k));
            require(bidder.points == 0 || _inside(bidder, k), BidUnreadable(seat, k));
            needed += _highest(by, row);
            row += by.size;
        }

        _lock(seat, needed);
        _setPledge(session, seat, REVEALED, _sentHash(covered, "", bids, 0));

        emit BidRecorded(session, seat, covered, bids);
    }

    /// @notice Record the sender's sealed bid, and lock its cap and the bond for each window.
    /// @param caps Four bytes for each covered window: the most that is offered in it.
    /// @param seal What `sealOf` returns for the bid; nothing of the bid can be read from it.
    function commit(
        uint256 seat,
        uint256 session,
        uint256 covered,
        bytes memory caps,
        bytes32 seal
    ) external {
        require(REVEALING != 0, WrongSealing());
        uint256 count = _checkBid(seat, session, covered);
        require(caps.length == 4 * count, BidUnreadable(seat, 0));
        uint256 needed = count * BOND;
        unchecked {
            // A cap has 32 bits.
            uint256 start = Memory.start(caps);
            for (uint256 k; k < count; ++k) needed += Tally.number(start, k, 4);
        }

        _lock(seat, needed);
        _setPledge(session, seat, COMMITTED, _sentHash(covered, caps, "", seal));

        emit BidCommitted(session, seat, covered, caps, seal);
    }

    /// @notice Reveal a sealed bid, between the closing of bids and the end of revealing.
    /// @dev Anyone who knows the salt may. Whether each bid keeps its cap and can be read is
    /// found at the decision: one that does not counts as not revealed in its window alone. But bids
    /// of the wrong length are refused: if they were longer than a block can carry twice, nobody
    /// could present them to the decision.
    function reveal(uint256 seat, uint256 session, Sent memory sent) external {
        require(_closed(session) && block.timestamp < revealsClose(session), WindowNotReady(session));
        bytes32 seal = sealOf(seat, session, sent.covered, sent.bids, sent.salt);
        uint256 committed = _tagged(session, COMMITTED, _sentHash(sent.covered, sent.caps, "", seal));
        require(_pledge(session, seat) == committed, BidMismatch(session, seat));
        (uint256 width,,) = _layout(sent.bids, Tally.count(sent.covered));
        require(width != 0, BidUnreadable(seat, 0));

        _setPledge(session, seat, REVEALED, _hash(sent));

        emit BidRevealed(session, seat, sent.bids, sent.salt);
    }

    /* STAGES 3 AND 4: NEGOTIATION AND INSTRUCTION */

    /// @notice Decide the next session, once every bid is in and revealed, or its time is over.
    /// @dev Anyone may call; who calls, and when, does not change the outcome.
    /// @param sent What each seat sent, from the event log; all zero where it did not bid.
    function decide(uint256 session, Sent[] calldata sent) external {
        _checkNext(session);
        require(sent.length == PARTIES, BidMismatch(session, sent.length));
        Table memory table = _table();
        _checkPledges(session, sent, table);

        (bytes memory outcome, uint256 holder) = _negotiate(session, table, authority);
        authority = uint8(holder);
        _decided(session, keccak256(outcome));

        emit SessionDecided(session, outcome);
    }

    /* STAGE 5: SETTLEMENT */

    /// @notice Settle a decided session by a report that the meter signed (EIP-712).
    /// @dev Anyone may bring the report.
    /// @param outcome What `SessionDecided` said.
    /// @param flows What flowed in each window, in thousandths of the unit.
    /// @param blocked For each window a bit for each seat that made the transfer impossible.
    function report(
        uint256 session,
        bytes calldata outcome,
        int32[] calldata flows,
        uint256[] calldata blocked,
        bytes calldata signature
    ) external {
        require(flows.length == HORIZON && blocked.length == HORIZON, OutcomeMismatch(session));
        bytes32 said = keccak256(
            abi.encode(
                REPORT,
                session,
                keccak256(abi.encodePacked(flows)),
                keccak256(abi.encodePacked(blocked))
            )
        );
        _checkMeter(said, signature);

        emit FlowMetered(session, flows, blocked);
        _settle(session, outcome, blocked);
    }

    /// @notice Settle a session as instructed, once the meter has let its deadline pass.
    function settle(uint256 session, bytes calldata outcome) external {
        require(block.timestamp >= meterDeadline(session), WindowNotReady(session));

        _settle(session, outcome, new uint256[](HORIZON));
    }

    /* VIEWS */

    /// @notice The set-points of an option, in thousandths of the unit.
    function optionAt(uint256 option) external view returns (Option memory) {
        (int256 low, int256 high) = _option(option);
        return Option(int32(low), int32(high));
    }

    /// @notice What a commitment must name: a hash that binds chain, contract, session, party and bid.
    function sealOf(
        uint256 seat,
        uint256 session,
        uint256 covered,
        bytes memory bids,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                block.chainid,
                address(this),
                session,
                partyAt(seat),
                covered,
                keccak256(bids),
                salt
            )
        );
    }

    /// @notice When revealing ends.
    function revealsClose(uint256 session) public view returns (uint256) {
        return bidsClose(session) + REVEALING;
    }

    /// @inheritdoc Ledger
    function meterDeadline(uint256 session) public view override returns (uint256) {
        return revealsClose(session) + 2 * PERIOD;
    }

    /* THE MECHANISM, for the heirs */

    /// @dev How bids for so many windows are laid out.
    /// @return width How many bytes each number has, 1, 2 or 4; zero if the bids cannot be read.
    /// @return head How many bytes stand before the numbers.
    /// @return points Whether exact set-points, four bytes each, follow the numbers.
    function _layout(bytes memory bids, uint256 count)
        internal
        view
        virtual
        returns (uint256 width, uint256 head, bool points);

    /// @dev Whether a bid is well formed.
    function _isWellFormed(Lanes memory by, uint256 row) internal view virtual returns (bool);

    /// @dev The highest offer of a bid.
    function _highest(Lanes memory by, uint256 row) internal view virtual returns (uint256);

    /// @dev Whether a bid offers nowhere more than its cap.
    function _keeps(Lanes memory by, uint256 row, uint256 cap) internal view virtual returns (bool);

    /// @dev Whether a party likes one number of its bid better than another.
    function _better(uint256 one, uint256 other) internal pure virtual returns (bool);

    /// @dev Which options may be chosen, given two participants or more: a bit for each; and which it
    /// is, if it is one alone.
    function _candidates(Table memory table) internal view virtual returns (uint256, uint256 option);

    /// @dev Write what each participant pays for an option, given two or more; unwritten, it is nothing.
    function _charge(Table memory table, uint256 option) internal view virtual;

    /// @dev How a tie is broken: by who holds authority, here by its bid, unless an heir knows better.
    function _breakTie(Table memory table, uint256, uint256 candidates, uint256 row)
        internal
        view
        virtual
        returns (uint256 option, bool used)
    {
        return (_best(table.by, row, candidates), true);
    }

    /// @dev What a party likes best among the candidates, the lowest index first.
    function _best(Lanes memory by, uint256 row, uint256 candidates) internal pure returns (uint256 best) {
        unchecked {
            bool found;
            uint256 most;
            for (uint256 option; option < by.options; ++option) {
                if (candidates >> option & 1 == 0) continue;
                uint256 number = Tally.number(row, option, by.width);
                if (!found || _better(number, most)) (found, best, most) = (true, option, number);
            }
        }
    }

    function _option(uint256 option) internal view returns (int256 low, int256 high) {
        unchecked {
            uint256 range = _options[option / 4] >> 64 * (option % 4);
            return (int32(uint32(range >> 32)), int32(uint32(range)));
        }
    }

    /* HELPERS: PLEDGES */

    /// @dev What every bid needs, whatever is in it; returns how many windows it covers.
    function _checkBid(uint256 seat, uint256 session, uint256 covered) private view returns (uint256) {
        _accountOf(seat);
        _checkOpen(session);
        if (FEE_CAP != 0) {
            uint256 fee = _fees[session];
            require(fee != 0, WindowNotReady(session));
            require(fee - 1 <= FEE_CAP, FeeTooHigh(session, fee - 1, FEE_CAP));
        }
        require(!_pledged(session, seat), AlreadyBid(session, seat));
        require(covered != 0 && covered >> HORIZON == 0, BidUnreadable(seat, HORIZON));
        return Tally.count(covered);
    }

    function _hash(Sent memory sent) private pure returns (bytes32) {
        return _sentHash(sent.covered, sent.caps, sent.bids, sent.salt);
    }

    function _sentHash(uint256 covered, bytes memory caps, bytes memory bids, bytes32 salt)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(covered, keccak256(caps), keccak256(bids), salt));
    }

    /// @dev Bids are closed when their time is over, or when every party has bid.
    function _closed(uint256 session) private view returns (bool) {
        if (block.timestamp >= bidsClose(session)) return true;
        for (uint256 seat; seat < PARTIES; ++seat) {
            if (!_pledged(session, seat)) return false;
        }
        return true;
    }

    /// @dev Check what is presented against what is recorded, and that the time has come; bring it
    /// to the table.
    function _checkPledges(uint256 session, Sent[] calldata sent, Table memory table) private view {
        bool all = true;
        bool hidden;
        for (uint256 seat; seat < PARTIES; ++seat) {
            uint256 pledge = _pledge(session, seat);
            if (!_belongs(pledge, session)) {
                require(sent[seat].covered == 0, BidMismatch(session, seat));
                all = false;
                continue;
            }
            uint256 state = _stateOf(pledge);
            Sent memory one = sent[seat];
            require(pledge == _tagged(session, state, _hash(one)), BidMismatch(session, seat));
            if (state != REVEALED) hidden = true;
            _seat(table, seat, one, state == REVEALED);
        }
        bool dear = FEE_CAP != 0 && _fees[session] > FEE_CAP + 1;
        bool closed = all || dear || block.timestamp >= bidsClose(session);
        bool opened = !hidden || block.timestamp >= revealsClose(session);
        require(closed && opened, WindowNotReady(session));
    }

    /* HELPERS: NEGOTIATION */

    function _table() private view returns (Table memory table) {
        table.bidders = new Bidder[](PARTIES);
        table.dues = new uint256[](PARTIES);
        table.rows = new uint256[](PARTIES);
        table.payments = new uint256[](PARTIES);
        table.room = new uint256[](2 * OPTIONS + Tally.ROOM);
    }

    /// @dev Seat a party with what it sent, whose bids are there only if they were revealed.
    function _seat(Table memory table, uint256 seat, Sent memory sent, bool revealed) private view {
        Bidder memory bidder = table.bidders[seat];
        (bidder.covered, bidder.salt) = (sent.covered, sent.salt);
        bidder.caps = Memory.start(sent.caps);
        if (!revealed) return;
        _lay(bidder, sent.bids, Tally.count(sent.covered));
        if (bidder.points != 0) table.pointed = true;
    }

    /// @dev Note where the bids for so many windows are.
    function _lay(Bidder memory bidder, bytes memory bids, uint256 count) private view {
        (uint256 width, uint256 head, bool points) = _layout(bids, count);
        bidder.width = width;
        bidder.numbers = Memory.start(bids) + head;
        if (points) bidder.points = bidder.numbers + count * OPTIONS * width;
    }

    /// @dev Let all numbers have the width of the widest, since only like can be added to like.
    function _alignRows(Table memory table) private view {
        uint256 width = 1;
        for (uint256 seat; seat < PARTIES; ++seat) width = Math.max(width, table.bidders[seat].width);
        table.by = Tally.lanes(OPTIONS, width);
        for (uint256 seat; seat < PARTIES; ++seat) {
            Bidder memory bidder = table.bidders[seat];
            if (bidder.width == 0 || bidder.width == width) continue;
            uint256 many = Tally.count(bidder.covered) * OPTIONS;
            bidder.numbers = Tally.widened(bidder.numbers, many, bidder.width, width);
        }
    }

    /// @dev Decide every window of a session; return the records, and who holds authority then.
    function _negotiate(uint256 session, Table memory table, uint256 holder)
        private
        view
        returns (bytes memory outcome, uint256)
    {
        _alignRows(table);
        uint256 place;
        (outcome, place) = OutcomeLib.empty(HORIZON, PARTIES);
        for (uint256 window; window < HORIZON; ++window) {
            _gather(table, window);
            (uint256 option, uint256 candidates, uint256 next) =
                _choose(table, session * HORIZON + window, holder);
            place = OutcomeLib.writeHead(place, candidates, option, holder, _setPoint(table, option));
            place = _pay(table, option, place);
            holder = next;
        }
        return (outcome, holder);
    }

    /// @dev Find who sent a bid for a window, what each has locked for it, and who takes part.
    function _gather(Table memory table, uint256 window) private view {
        (Lanes memory by, uint256[] memory rows) = (table.by, table.rows);
        (uint256 covering, uint256 present, uint256 count) = (0, 0, 0);
        unchecked {
            // Locks have 32 bits and bonds 50; there are fewer rows than seats.
            for (uint256 seat; seat < PARTIES; ++seat) {
                Bidder memory bidder = table.bidders[seat];
                if (bidder.covered >> window & 1 == 0) continue;
                covering |= 1 << seat;
                uint256 row = bidder.numbers + bidder.passed * by.size;
                (bool counts, uint256 locked) = _judge(by, bidder, row);
                ++bidder.passed;
                Memory.set(table.dues, seat, BOND + locked);
                if (!counts) continue;
                present |= 1 << seat;
                Memory.set(rows, count++, row);
            }
        }
        (table.covering, table.present) = (covering, present);
        Memory.resize(rows, count);
    }

    /// @dev Whether the next bid counts, and what is locked for it besides the bond. An open bid was
    /// found to be well formed when it came.
    function _judge(Lanes memory by, Bidder memory bidder, uint256 row)
        private
        view
        returns (bool counts, uint256 locked)
    {
        if (REVEALING == 0) return (true, _highest(by, row));
        locked = Tally.number(bidder.caps, bidder.passed, 4);
        if (bidder.width == 0) return (false, locked);
        counts = _keeps(by, row, locked) && _isWellFormed(by, row)
            && (bidder.points == 0 || _inside(bidder, bidder.passed));
    }

    /// @dev The set-point that the k-th bid names in an option; it must name some.
    function _point(Bidder memory bidder, uint256 k, uint256 option) private view returns (int256) {
        return int32(uint32(Tally.number(bidder.points, k * OPTIONS + option, 4)));
    }

    /// @dev Whether each set-point that the k-th bid names is inside its option; it must name some.
    function _inside(Bidder memory bidder, uint256 k) private view returns (bool) {
        for (uint256 option; option < OPTIONS; ++option) {
            int256 point = _point(bidder, k, option);
            (int256 low, int256 high) = _option(option);
            if (point < low || point > high) return false;
        }
        return true;
    }

    /// @dev Two participants or more: the mechanism. One: control reverts to it. None: the default.
    function _choose(Table memory table, uint256 window, uint256 held)
        private
        view
        returns (uint256 option, uint256 candidates, uint256)
    {
        uint256 count = table.rows.length;
        if (count == 0) return (DEFAULT_OPTION, 1 << DEFAULT_OPTION, held);
        if (count == 1) {
            option = _best(table.by, Memory.get(table.rows, 0), type(uint256).max);
            return (option, 1 << option, held);
        }
        (candidates, option) = _candidates(table);
        if (candidates == 1 << option) return (option, candidates, held);
        (uint256 seat, uint256 place) = _holder(table.present, held);
        bool used;
        (option, used) = _breakTie(table, window, candidates, Memory.get(table.rows, place));
        return (option, candidates, used ? (seat + 1) % PARTIES : held);
    }

    /// @dev Who decides: the seat that holds authority or, if it takes no part, the next that does; and
    /// its place among the participants.
    function _holder(uint256 present, uint256 held) private pure returns (uint256 seat, uint256 place) {
        seat = held;
        if (present >> held == 0) seat = 0;
        while (present >> seat & 1 == 0) ++seat;
        place = Tally.count(present & ((1 << seat) - 1));
    }

    /// @dev The point of the highest bidder at the option, the lowest seat among equals; else the middle.
    function _setPoint(Table memory table, uint256 option) private view returns (int256) {
        if (table.pointed && table.present != 0) {
            Bidder memory bidder = table.bidders[_highestBidder(table, option)];
            if (bidder.points != 0) return _point(bidder, bidder.passed - 1, option);
        }
        (int256 low, int256 high) = _option(option);
        unchecked {
            return (low + high) / 2;
        }
    }

    /// @dev The seat of who offers most for an option, the lowest among equals; there must be some.
    function _highestBidder(Table memory table, uint256 option) private pure returns (uint256 best) {
        uint256 most;
        uint256 seat;
        for (uint256 i; i < table.rows.length; (++i, ++seat)) {
            while (table.present >> seat & 1 == 0) ++seat;
            uint256 offer = Tally.number(table.rows[i], option, table.by.width);
            if (i == 0 || offer > most) (best, most) = (seat, offer);
        }
    }

    /// @dev Write what each seat pays, and what settlement frees for it: its lock less its payment,
    /// less a bond that it forfeits, plus its share of others'.
    function _pay(Table memory table, uint256 option, uint256 place) private view returns (uint256) {
        (uint256[] memory dues, uint256 present) = (table.dues, table.present);
        uint256 forfeiting = table.covering & ~present;
        if (forfeiting != 0) _forfeit(dues, forfeiting, present);
        bool charged = table.rows.length > 1;
        if (charged) _charge(table, option);
        unchecked {
            // Nobody pays more than it offered, which it has locked.
            uint256 i;
            for (uint256 seat; seat < PARTIES; ++seat) {
                uint256 took = present >> seat & 1;
                uint256 payment = charged && took != 0 ? Memory.get(table.payments, i++) : 0;
                place = OutcomeLib.writeSeat(place, payment, Memory.get(dues, seat) - payment, took);
                Memory.set(dues, seat, 0);
            }
        }
        return place;
    }

    /* HELPERS: SETTLEMENT */

    function _settle(uint256 session, bytes memory outcome, uint256[] memory blocked) private {
        _settled(session, keccak256(outcome));
        uint256[] memory credits = new uint256[](PARTIES);
        for (uint256 window; window < HORIZON; ++window) {
            uint256 participants = OutcomeLib.credit(outcome, window, credits);
            uint256 losers = blocked[window] & participants;
            if (losers != 0) _forfeit(credits, losers, participants);
        }
        _credit(session, credits);
    }

    /// @dev Take a bond from each loser, and share it equally among the other participants (none:
    /// the other seats), rounded down, odd ticks to the lowest seats.
    function _forfeit(uint256[] memory dues, uint256 losers, uint256 participants) private view {
        if (BOND == 0) return;
        for (uint256 seat; seat < PARTIES; ++seat) {
            if (losers >> seat & 1 == 0) continue;
            dues[seat] -= BOND;
            uint256 takers = participants & ~(1 << seat);
            if (takers == 0) takers = ((1 << PARTIES) - 1) & ~(1 << seat);
            uint256 count = Tally.count(takers);
            uint256 odd = BOND % count;
            for (uint256 taker; taker < PARTIES; ++taker) {
                if (takers >> taker & 1 == 0) continue;
                dues[taker] += BOND / count;
                if (odd != 0) (dues[taker], odd) = (dues[taker] + 1, odd - 1);
            }
        }
    }
}
