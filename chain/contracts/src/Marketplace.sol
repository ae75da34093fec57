// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Founding, Ledger} from "./Ledger.sol";
import {Memory} from "./Memory.sol";
import {TradeLib} from "./TradeLib.sol";
import "./Errors.sol";

/// @notice What a community agrees at deployment, and nobody can change. Prices are in ticks for a
/// watt-hour.
/// @param parties Who holds seat 0, 1, …
/// @param meter Whose signature a report must carry.
/// @param buy What the grid charges.
/// @param sell What the grid pays; at most `buy`.
/// @param penalty What a party is charged for each watt-hour that it traded and did not deliver.
/// @param horizon How many windows a session has: one, or a day's.
/// @param tick What a tick is worth, in wei.
/// @param period Seconds between the closing of one session's orders and the next's.
struct MarketTerms {
    address[] parties;
    address meter;
    uint16 buy;
    uint16 sell;
    uint16 penalty;
    uint8 horizon;
    uint64 tick;
    uint32 period;
}

/// @notice What is used again from window to window of a session.
/// @param session Which it is.
/// @param orders Where in memory the orders start, those of one seat behind those of another.
/// @param stride How many bytes the orders of a seat have.
/// @param merit Where in memory the rest of what the caller presented starts.
/// @param end Where it ends.
/// @param traded For each seat, what it takes from the others, as a signed number.
/// @param payments For each seat, what it pays the others, as a signed number.
/// @param room For the rule: a word a seat.
struct Book {
    uint256 session;
    uint256 orders;
    uint256 stride;
    uint256 merit;
    uint256 end;
    uint256[] traded;
    uint256[] payments;
    uint256[] room;
}

/// @title A marketplace where a community trades energy among itself, by a rule that it agreed
/// @notice Deposit; one order of each party for each window; clearing; settlement by what the meters
/// saw; withdrawal. A session is the windows that are ordered for together: one, or a day's.
/// @dev Twin of `market/trading/local.py`; who trades, and at what price, is for the heirs.
/// - Trade is computed here, from the orders that were recorded. Whoever calls `clear` brings nothing
///   that it could choose: an order of merit other than the true one reverts. So a wrong clearing is
///   never recorded, and there is nothing to dispute.
/// - Trades sum to zero in every window, and so do payments. Nothing is rounded after the price.
/// - Nobody pays or is charged more than its orders locked.
/// - Quantities are in watt-hours, positive where a party takes energy from the others.
abstract contract Marketplace is Ledger {
    bytes32 private constant METERING = keccak256("Metering(uint256 session,bytes metered)");

    uint256 private constant SENT = 1;

    /* TERMS */

    /// @notice What the grid charges, in ticks for a watt-hour.
    uint256 public immutable BUY;
    /// @notice What the grid pays, in ticks for a watt-hour.
    uint256 public immutable SELL;
    /// @notice What a party is charged for a watt-hour that it traded and did not deliver, in ticks.
    uint256 public immutable PENALTY;

    /* EVENTS: with those of `Ledger`, at least one for each stage */

    /// @notice The orders of a party were recorded, as `TradeLib` lays them out.
    event OrdersRecorded(uint256 indexed session, uint256 indexed seat, bytes orders);
    /// @notice Trade was computed: what each seat trades and is due, and what it pays in each window;
    /// `TradeLib` says how both are laid out.
    event SessionCleared(uint256 indexed session, bytes outcome, bytes payments);
    /// @notice The meters reported what each seat took, four bytes each, signed, window by window.
    event FlowsMetered(uint256 indexed session, bytes metered);

    /* CONSTRUCTOR */

    constructor(MarketTerms memory terms)
        Ledger(Founding(terms.parties, terms.meter, terms.horizon, terms.tick, terms.period))
    {
        require(terms.sell <= terms.buy, TermsRefused("tariff"));
        BUY = terms.buy;
        SELL = terms.sell;
        PENALTY = terms.penalty;
    }

    /* ORDERS */

    /// @notice Record the sender's orders, and lock the most that they can cost.
    /// @param orders For each window of the session six bytes: four of the quantity, signed, and two of
    /// the limit. A quantity of zero is no order.
    function submit(uint256 seat, uint256 session, bytes memory orders) external {
        uint256 stride = TradeLib.ORDER * HORIZON;
        require(orders.length == stride, OrderMalformed(seat, HORIZON));
        uint256 place = Memory.start(orders);
        for (uint256 window; window < HORIZON; ++window) {
            (int256 quantity,) = TradeLib.order(place + TradeLib.ORDER * window);
            require(quantity != type(int32).min, OrderMalformed(seat, window));
        }
        _accountOf(seat);
        _checkOpen(session);
        require(!_pledged(session, seat), AlreadyBid(session, seat));

        _lock(seat, _needed(place));
        _setPledge(session, seat, SENT, keccak256(orders));

        emit OrdersRecorded(session, seat, orders);
    }

    /* CLEARING */

    /// @notice Clear the next session, once every party has sent orders, or its time is over.
    /// @dev Anyone may call; who calls, and when, does not change the outcome.
    /// @param orders Those of every seat, from the event log; all zero where it sent none.
    /// @param merit What the rule wants to know of their order, and checks.
    function clear(uint256 session, bytes memory orders, bytes memory merit) external {
        _checkNext(session);
        _checkPledges(session, orders);

        (bytes memory outcome, bytes memory payments) = _trade(_book(session, orders, merit));
        _decided(session, keccak256(outcome));

        emit SessionCleared(session, outcome, payments);
    }

    /* SETTLEMENT */

    /// @notice Settle a cleared session by readings that the meter signed (EIP-712).
    /// @dev Anyone may bring the report. Payments stand; what was traded and not delivered is charged.
    /// @param outcome What `SessionCleared` said.
    /// @param metered What each seat took, four bytes each, signed, window by window.
    function report(
        uint256 session,
        bytes memory outcome,
        bytes memory metered,
        bytes calldata signature
    ) external {
        require(metered.length == TradeLib.FLOW * PARTIES * HORIZON, ReadingsMalformed(session, HORIZON));
        _checkMeter(keccak256(abi.encode(METERING, session, keccak256(metered))), signature);

        _settled(session, keccak256(outcome));
        emit FlowsMetered(session, metered);
        uint256[] memory credits = _dues(outcome);
        if (PENALTY != 0) _charge(credits, Memory.start(outcome), Memory.start(metered));
        _credit(session, credits);
    }

    /// @notice Settle a session as traded, once the meter has let its deadline pass.
    function settle(uint256 session, bytes memory outcome) external {
        require(block.timestamp >= meterDeadline(session), WindowNotReady(session));

        _settled(session, keccak256(outcome));
        _credit(session, _dues(outcome));
    }

    /* THE RULE, for the heirs */

    /// @dev The most that a buyer with this limit pays for a watt-hour.
    function _highest(uint256 limit) internal view virtual returns (uint256);

    /// @dev Write what each seat trades and pays in a window, where both are zero before.
    function _clear(Book memory book, uint256 window) internal view virtual;

    /// @dev Let each seat pay a price for what it trades.
    function _charge(Book memory book, uint256 price) internal view {
        (uint256[] memory traded, uint256[] memory payments) = (book.traded, book.payments);
        unchecked {
            // A price has 16 bits and a trade 31, besides its sign.
            for (uint256 seat; seat < PARTIES; ++seat) {
                Memory.set(payments, seat, price * Memory.get(traded, seat));
            }
        }
    }

    /// @dev Where the order of seat 0 for a window is; that of the next seat is a stride behind.
    function _first(Book memory book, uint256 window) internal pure returns (uint256 place, uint256 stride) {
        unchecked {
            return (book.orders + TradeLib.ORDER * window, book.stride);
        }
    }

    /* HELPERS: ORDERS */

    /// @dev The most that the orders of a seat can cost, in ticks.
    function _needed(uint256 place) private view returns (uint256 needed) {
        unchecked {
            // 64 windows at most, of a quantity of 31 bits, at two prices of 16 bits.
            for (uint256 end = place + TradeLib.ORDER * HORIZON; place < end; place += TradeLib.ORDER) {
                (int256 quantity, uint256 limit) = TradeLib.order(place);
                needed += quantity < 0
                    ? uint256(-quantity) * PENALTY
                    : uint256(quantity) * (_highest(limit) + PENALTY);
            }
        }
    }

    /// @dev Check what is presented against what is recorded, and that the time has come.
    function _checkPledges(uint256 session, bytes memory orders) private view {
        uint256 stride = TradeLib.ORDER * HORIZON;
        require(orders.length == stride * PARTIES, BidMismatch(session, PARTIES));
        bytes32 none = keccak256(new bytes(stride));
        uint256 place = Memory.start(orders);
        bool all = true;
        for (uint256 seat; seat < PARTIES; ++seat) {
            uint256 pledge = _pledge(session, seat);
            bytes32 digest = Memory.hash(place + stride * seat, stride);
            bool sent = _belongs(pledge, session);
            bool same = sent ? pledge == _tagged(session, SENT, digest) : digest == none;
            require(same, BidMismatch(session, seat));
            if (!sent) all = false;
        }
        require(all || block.timestamp >= bidsClose(session), WindowNotReady(session));
    }

    /* HELPERS: CLEARING */

    function _book(uint256 session, bytes memory orders, bytes memory merit)
        private
        view
        returns (Book memory book)
    {
        book.session = session;
        book.orders = Memory.start(orders);
        book.stride = TradeLib.ORDER * HORIZON;
        book.merit = Memory.start(merit);
        book.end = book.merit + merit.length;
        book.traded = new uint256[](PARTIES);
        book.payments = new uint256[](PARTIES);
        book.room = new uint256[](PARTIES);
    }

    /// @dev Clear every window of a session; return what was traded and is due, and all payments.
    function _trade(Book memory book) private view returns (bytes memory outcome, bytes memory payments) {
        uint256 cells = HORIZON * PARTIES;
        (uint256 trade, uint256 payment) = (0, 0);
        (outcome, trade) = Memory.room(TradeLib.FLOW * cells + TradeLib.DUE * PARTIES);
        (payments, payment) = Memory.room(TradeLib.PAYMENT * cells);
        uint256[] memory dues = new uint256[](PARTIES);
        for (uint256 seat; seat < PARTIES; ++seat) {
            dues[seat] = _needed(book.orders + book.stride * seat);
        }
        for (uint256 window; window < HORIZON; ++window) {
            _clear(book, window);
            (trade, payment) = _write(book, dues, trade, payment);
        }
        require(book.merit == book.end, MeritMismatch(book.session, HORIZON));
        for (uint256 seat; seat < PARTIES; ++seat) {
            trade = TradeLib.write(trade, dues[seat], TradeLib.DUE);
        }
    }

    /// @dev Write what each seat trades and pays in a window, and take it off its due; then forget it.
    function _write(Book memory book, uint256[] memory dues, uint256 trade, uint256 payment)
        private
        view
        returns (uint256, uint256)
    {
        (uint256[] memory traded, uint256[] memory payments) = (book.traded, book.payments);
        unchecked {
            // Nobody pays more than its order locked.
            for (uint256 seat; seat < PARTIES; ++seat) {
                uint256 amount = Memory.get(traded, seat);
                uint256 paid = Memory.get(payments, seat);
                trade = TradeLib.write(trade, amount, TradeLib.FLOW);
                payment = TradeLib.write(payment, paid, TradeLib.PAYMENT);
                if (amount == 0) continue; // and so pays nothing
                Memory.set(dues, seat, Memory.get(dues, seat) - paid);
                Memory.set(traded, seat, 0);
                Memory.set(payments, seat, 0);
            }
        }
        return (trade, payment);
    }

    /* HELPERS: SETTLEMENT */

    /// @dev What a session owes to each seat if all is delivered.
    function _dues(bytes memory outcome) private view returns (uint256[] memory dues) {
        dues = new uint256[](PARTIES);
        uint256 place = Memory.start(outcome) + TradeLib.FLOW * HORIZON * PARTIES;
        for (uint256 seat; seat < PARTIES; ++seat) dues[seat] = TradeLib.due(place, seat);
    }

    /// @dev In each window, charge who did not deliver, and share that among the others that traded.
    function _charge(uint256[] memory credits, uint256 trades, uint256 readings) private view {
        uint256[] memory charges = new uint256[](PARTIES);
        unchecked {
            // A shortfall has 31 bits and a penalty 16.
            for (uint256 window; window < HORIZON; ++window) {
                (uint256 traders, uint256 total) = (0, 0);
                for (uint256 seat; seat < PARTIES; ++seat) {
                    int256 traded = TradeLib.flow(trades, seat);
                    if (traded == 0) continue;
                    ++traders;
                    uint256 charge = TradeLib.shortfall(traded, TradeLib.flow(readings, seat)) * PENALTY;
                    total += charge;
                    Memory.set(charges, seat, charge);
                }
                if (total != 0) _share(credits, charges, trades, traders, total);
                trades += TradeLib.FLOW * PARTIES;
                readings += TradeLib.FLOW * PARTIES;
            }
        }
    }

    /// @dev Each trader pays its own charge less the mean of the others': `(n·c - S) / (n - 1)`, rounded
    /// down, odd ticks to the lowest seats that were rounded. Nobody pays more than its charge.
    function _share(
        uint256[] memory credits,
        uint256[] memory charges,
        uint256 trades,
        uint256 traders,
        uint256 total
    ) private view {
        unchecked {
            int256 others = int256(traders - 1);
            int256 odd;
            for (uint256 seat; seat < PARTIES; ++seat) {
                if (TradeLib.flow(trades, seat) == 0) continue;
                int256 exact = int256(traders * Memory.get(charges, seat) - total);
                int256 payment = exact / others;
                if (exact % others < 0) --payment;
                odd -= payment;
                credits[seat] -= uint256(payment);
            }
            for (uint256 seat; odd != 0; ++seat) {
                if (TradeLib.flow(trades, seat) == 0) continue;
                int256 exact = int256(traders * Memory.get(charges, seat) - total);
                if (exact % others == 0) continue;
                credits[seat] -= 1;
                --odd;
            }
        }
    }
}
