// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import "./Errors.sol";

/// @notice An interval of set-points, in thousandths of the element's unit.
struct Option {
    int32 low;
    int32 high;
}

/// @notice What the parties agree at deployment, and nobody can change.
/// @param parties Who holds seat 0, 1, …
/// @param meter Who reports what the element did.
/// @param options The set-points on the table, in ascending order or as named.
/// @param defaultOption The option instructed where nobody takes part.
/// @param authority The seat that breaks the first tie.
/// @param bond What a party forfeits for blocking, in ticks.
/// @param tick What a tick is worth, in wei.
/// @param period Seconds between the closing of one window's bids and the next's.
struct Terms {
    address[] parties;
    address meter;
    Option[] options;
    uint8 defaultOption;
    uint8 authority;
    uint64 bond;
    uint64 tick;
    uint32 period;
}

/// @title Shared control of an element, by a mechanism that the parties agreed
/// @notice The general form of smart contract of Thomas et al., Nature Energy 4 (2019), Fig. 1:
/// deposit, setting of preferences, negotiation, instruction, settlement, withdrawal.
/// @dev Twin of `market/local.py`; how an option is chosen and paid for is for the heirs.
/// - Nobody owns the contract: no upgrade, no reset, no pause.
/// - Only a hash of each bid is stored; the bids come back with `decide`, from the event log.
/// - Money is counted in ticks inside, and moves out only by `withdraw`.
/// - The contract's balance is never less than all free deposits and locks.
abstract contract SharedControl {
    using SafeCast for uint256;

    /* CONSTANTS AND STORAGE */

    /// @notice The most that one account may pay in at once, in ticks.
    uint256 public constant MOST = 1e15;

    /// @notice Who reports what the element did.
    address public immutable METER;
    /// @notice How many seats there are.
    uint256 public immutable PARTIES;
    /// @notice How many options there are.
    uint256 public immutable OPTIONS;
    /// @notice The option instructed where nobody takes part.
    uint256 public immutable DEFAULT_OPTION;
    /// @notice What a party forfeits for blocking, in ticks.
    uint256 public immutable BOND;
    /// @notice What a tick is worth, in wei.
    uint256 public immutable TICK;
    /// @notice When window 0 opened, in seconds of block time.
    uint256 public immutable OPENING;
    /// @notice Seconds between the closing of one window's bids and the next's.
    uint256 public immutable PERIOD;

    /// @notice The first window that is not decided.
    uint64 public nextWindow;
    /// @notice The seat that breaks the next tie.
    uint8 public authority;

    Option[] private _options;
    mapping(address party => uint256 seatAndOne) private _seats;
    uint64[] private _free;
    mapping(uint256 window => mapping(uint256 seat => bytes32)) private _digests;
    mapping(uint256 window => uint64[]) private _dues;

    /* EVENTS, one for each stage */

    /// @notice Stage 1: money came in, in ticks.
    event Deposited(uint256 indexed seat, uint256 ticks);
    /// @notice Stage 2: a bid was recorded.
    event BidRecorded(uint256 indexed window, uint256 indexed seat, bytes bid);
    /// @notice Stage 3: the mechanism chose; `candidates` has a bit for each option.
    event WindowDecided(
        uint256 indexed window, uint256 option, int256[] payments, uint256 candidates, uint256 authority
    );
    /// @notice Stage 4: the controller is to apply a set-point, in thousandths of the unit.
    event SetPointInstructed(uint256 indexed window, uint256 option, int256 setPoint);
    /// @notice Stage 5: the meter reported a flow, and a bit for each seat that blocked it.
    event FlowMetered(uint256 indexed window, int256 flow, uint256 blocked);
    /// @notice Stage 5: every lock of the window was freed; `credits` in ticks.
    event WindowPaid(uint256 indexed window, uint256[] credits);
    /// @notice Stage 6: money went out, in ticks.
    event Withdrawn(uint256 indexed seat, uint256 ticks);

    /* CONSTRUCTOR */

    constructor(Terms memory terms) {
        PARTIES = terms.parties.length;
        OPTIONS = terms.options.length;
        require(PARTIES >= 2 && PARTIES <= 255, TermsRefused("parties"));
        require(OPTIONS >= 2 && OPTIONS <= 255, TermsRefused("options"));
        require(terms.defaultOption < OPTIONS, TermsRefused("default"));
        require(terms.authority < PARTIES, TermsRefused("authority"));
        require(terms.bond <= MOST, TermsRefused("bond"));
        require(terms.tick > 0, TermsRefused("tick"));
        require(terms.period > 0, TermsRefused("period"));
        for (uint256 seat; seat < PARTIES; ++seat) {
            require(terms.parties[seat] != address(0), TermsRefused("parties"));
            require(_seats[terms.parties[seat]] == 0, TermsRefused("parties"));
            _seats[terms.parties[seat]] = seat + 1;
        }
        for (uint256 option; option < OPTIONS; ++option) {
            require(terms.options[option].low <= terms.options[option].high, TermsRefused("options"));
            _options.push(terms.options[option]);
        }
        _free = new uint64[](PARTIES);
        METER = terms.meter;
        DEFAULT_OPTION = terms.defaultOption;
        BOND = terms.bond;
        TICK = terms.tick;
        PERIOD = terms.period;
        OPENING = block.timestamp;
        authority = terms.authority;
    }

    /* STAGE 1: DEPOSIT */

    /// @notice Pay the sender's ether into its account, in whole ticks.
    function deposit() external payable {
        uint256 seat = _seatOf(msg.sender);
        require(msg.value % TICK == 0, DepositRefused(msg.value, TICK));
        uint256 ticks = msg.value / TICK;
        require(ticks <= MOST, DepositRefused(ticks, MOST));

        _free[seat] = (_free[seat] + ticks).toUint64();

        emit Deposited(seat, ticks);
    }

    /* STAGE 2: SETTING OF PREFERENCES */

    /// @notice Record the sender's bid for a window, and lock its highest offer and the bond.
    /// @param window Any window whose bids are not closed.
    /// @param bid As the heir defines it.
    function submit(uint256 window, bytes calldata bid) external {
        uint256 seat = _seatOf(msg.sender);
        require(window >= nextWindow && block.timestamp < bidsClose(window), WindowClosed(window));
        require(_digests[window][seat] == 0, AlreadyBid(window, seat));
        uint256 needed = _highestOffer(_read(seat, bid)) + BOND;
        require(_free[seat] >= needed, DepositTooSmall(seat, _free[seat], needed));

        _free[seat] -= needed.toUint64();
        _digests[window][seat] = keccak256(bid);

        emit BidRecorded(window, seat, bid);
    }

    /* STAGES 3 AND 4: NEGOTIATION AND INSTRUCTION */

    /// @notice Decide the next window, once every party has bid or the bids are closed.
    /// @dev Anyone may call; who calls, and when, does not change the outcome.
    /// @param bids The recorded bids by seat, from the event log; empty where there is none.
    function decide(uint256 window, bytes[] calldata bids) external {
        require(window == nextWindow, WindowOutOfOrder(window, nextWindow));
        require(bids.length == PARTIES, BidMismatch(window, bids.length));
        (uint256[] memory seats, uint256[][] memory table) = _participants(window, bids);
        require(seats.length == PARTIES || block.timestamp >= bidsClose(window), WindowNotReady(window));

        uint8 held = authority;
        (uint256 option, uint256 candidates) = _negotiate(seats, table);
        int256[] memory payments = _payments(seats, table, option);
        _recordDues(window, seats, table, payments);
        nextWindow = (window + 1).toUint64();

        emit WindowDecided(window, option, payments, candidates, held);
        emit SetPointInstructed(window, option, _setPoint(seats, table, bids, option));
    }

    /* STAGE 5: SETTLEMENT */

    /// @notice Report what the element did in a decided window, and settle it.
    /// @param flow What flowed, in thousandths of the unit.
    /// @param blocked A bit for each seat that made the transfer impossible.
    function report(uint256 window, int32 flow, uint256 blocked) external {
        require(msg.sender == METER, NotTheMeter(msg.sender));

        emit FlowMetered(window, flow, blocked);
        _settle(window, blocked);
    }

    /// @notice Settle a window as instructed, once the meter has let its deadline pass.
    function settle(uint256 window) external {
        require(block.timestamp >= meterDeadline(window), WindowNotReady(window));

        _settle(window, 0);
    }

    /* STAGE 6: WITHDRAWAL */

    /// @notice Send ticks of the sender's free deposit to the sender.
    function withdraw(uint256 ticks) external {
        uint256 seat = _seatOf(msg.sender);
        require(_free[seat] >= ticks, BalanceTooSmall(seat, _free[seat], ticks));

        _free[seat] -= ticks.toUint64();

        emit Withdrawn(seat, ticks);
        Address.sendValue(payable(msg.sender), ticks * TICK);
    }

    /* VIEWS */

    /// @notice What each seat could withdraw now, in ticks.
    function freeDeposits() external view returns (uint64[] memory) {
        return _free;
    }

    /// @notice When the bids of a window close, in seconds of block time.
    function bidsClose(uint256 window) public view returns (uint256) {
        return OPENING + (window + 1) * PERIOD;
    }

    /// @notice When a window may be settled without a report: a period for delivery, one for the meter.
    function meterDeadline(uint256 window) public view returns (uint256) {
        return OPENING + (window + 3) * PERIOD;
    }

    /* THE MECHANISM, for the heirs */

    /// @dev Decode a well-formed bid into a number for each option; revert on any other.
    function _read(uint256 seat, bytes calldata bid) internal view virtual returns (uint256[] memory);

    /// @dev The money that a bid puts at stake, in ticks.
    function _highestOffer(uint256[] memory bid) internal view virtual returns (uint256);

    /// @dev Whether a party likes one number of its bid better than another.
    function _better(uint256 one, uint256 other) internal pure virtual returns (bool);

    /// @dev Which options may be chosen, a bit each, given two bids or more.
    function _candidates(uint256[][] memory bids) internal view virtual returns (uint256);

    /// @dev What each participant pays, given what it offered for the chosen option.
    function _charge(uint256[] memory offers) internal view virtual returns (int256[] memory);

    /// @dev The exact set-point, given who takes part, what each bid for the option, and all bids as sent.
    function _setPoint(
        uint256[] memory seats,
        uint256[][] memory table,
        bytes[] calldata bids,
        uint256 option
    ) internal view virtual returns (int256);

    /* HELPERS */

    function _option(uint256 option) internal view returns (Option memory) {
        return _options[option];
    }

    /// @dev An odd middle goes towards zero.
    function _middle(uint256 option) internal view returns (int256) {
        return (int256(_options[option].low) + _options[option].high) / 2;
    }

    /// @dev What each participant bid for one option.
    function _column(uint256[][] memory table, uint256 option) internal pure returns (uint256[] memory column) {
        column = new uint256[](table.length);
        for (uint256 i; i < table.length; ++i) column[i] = table[i][option];
    }

    function _seatOf(address sender) private view returns (uint256) {
        uint256 seatAndOne = _seats[sender];
        require(seatAndOne != 0, NotAParty(sender));
        return seatAndOne - 1;
    }

    /// @dev Who recorded a bid, and those bids decoded, in the order of seats.
    function _participants(uint256 window, bytes[] calldata bids)
        private
        view
        returns (uint256[] memory seats, uint256[][] memory table)
    {
        uint256 count;
        seats = new uint256[](PARTIES);
        table = new uint256[][](PARTIES);
        for (uint256 seat; seat < PARTIES; ++seat) {
            bytes32 digest = _digests[window][seat];
            if (digest == 0) {
                require(bids[seat].length == 0, BidMismatch(window, seat));
                continue;
            }
            require(keccak256(bids[seat]) == digest, BidMismatch(window, seat));
            seats[count] = seat;
            table[count++] = _read(seat, bids[seat]);
        }
        assembly ("memory-safe") {
            mstore(seats, count)
            mstore(table, count)
        }
    }

    /// @dev Two participants or more: the mechanism. One: control reverts to it. None: the default.
    function _negotiate(uint256[] memory seats, uint256[][] memory table)
        private
        returns (uint256 option, uint256 candidates)
    {
        if (seats.length == 0) return (DEFAULT_OPTION, 1 << DEFAULT_OPTION);
        if (seats.length == 1) {
            option = _best(table[0], type(uint256).max);
            return (option, 1 << option);
        }
        candidates = _candidates(table);
        uint256 holder = _holder(seats);
        option = _best(table[holder], candidates);
        if (candidates & (candidates - 1) != 0) {
            authority = ((seats[holder] + 1) % PARTIES).toUint8();
        }
    }

    /// @dev The participant that authority falls to: the first from its seat on.
    function _holder(uint256[] memory seats) private view returns (uint256) {
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i] >= authority) return i;
        }
        return 0;
    }

    /// @dev What a party likes best among the candidates, the lowest index first.
    function _best(uint256[] memory bid, uint256 candidates) private pure returns (uint256 best) {
        bool found;
        for (uint256 option; option < bid.length; ++option) {
            if (candidates & (1 << option) == 0) continue;
            if (!found || _better(bid[option], bid[best])) (found, best) = (true, option);
        }
    }

    /// @dev What each seat pays; nothing where fewer than two take part.
    function _payments(uint256[] memory seats, uint256[][] memory table, uint256 option)
        private
        view
        returns (int256[] memory payments)
    {
        payments = new int256[](PARTIES);
        if (seats.length < 2) return payments;
        int256[] memory charged = _charge(_column(table, option));
        for (uint256 i; i < seats.length; ++i) payments[seats[i]] = charged[i];
    }

    /// @dev Keep what settlement will free for each seat: its lock less its payment.
    function _recordDues(
        uint256 window,
        uint256[] memory seats,
        uint256[][] memory table,
        int256[] memory payments
    ) private {
        uint64[] memory dues = new uint64[](PARTIES);
        for (uint256 i; i < seats.length; ++i) {
            int256 locked = int256(_highestOffer(table[i]) + BOND);
            dues[seats[i]] = uint256(locked - payments[seats[i]]).toUint64();
        }
        _dues[window] = dues;
    }

    function _settle(uint256 window, uint256 blocked) private {
        require(window < nextWindow, WindowNotReady(window));
        uint64[] memory dues = _dues[window];
        require(dues.length != 0, WindowSettled(window));

        delete _dues[window];
        uint256[] memory credits = _credits(window, dues, blocked);
        for (uint256 seat; seat < PARTIES; ++seat) {
            _free[seat] = (_free[seat] + credits[seat]).toUint64();
        }

        emit WindowPaid(window, credits);
    }

    /// @dev Dues, with the bond of each blocker shared among the other participants (none: the other
    /// seats), rounded down, odd ticks to the lowest seats. Who did not bid has locked no bond.
    function _credits(uint256 window, uint64[] memory dues, uint256 blocked)
        private
        view
        returns (uint256[] memory credits)
    {
        credits = new uint256[](PARTIES);
        uint256 present;
        for (uint256 seat; seat < PARTIES; ++seat) {
            credits[seat] = dues[seat];
            if (_digests[window][seat] != 0) present |= 1 << seat;
        }
        for (uint256 seat; seat < PARTIES; ++seat) {
            if (present & blocked & (1 << seat) == 0) continue;
            credits[seat] -= BOND;
            uint256 takers = present & ~(1 << seat);
            if (takers == 0) takers = ((1 << PARTIES) - 1) & ~(1 << seat);
            _share(credits, takers);
        }
    }

    /// @dev Add a bond to the credits of its takers, odd ticks to the lowest seats.
    function _share(uint256[] memory credits, uint256 takers) private view {
        uint256 count;
        for (uint256 rest = takers; rest != 0; rest &= rest - 1) ++count;
        uint256 odd = BOND % count;
        for (uint256 seat; seat < credits.length; ++seat) {
            if (takers & (1 << seat) == 0) continue;
            credits[seat] += BOND / count;
            if (odd != 0) (credits[seat], odd) = (credits[seat] + 1, odd - 1);
        }
    }
}
