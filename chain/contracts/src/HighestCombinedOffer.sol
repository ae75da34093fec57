// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SharedControl, Table, Terms} from "./SharedControl.sol";
import {Memory} from "./Memory.sol";
import {Lanes, Tally} from "./Tally.sol";

/// @title Highest combined offer
/// @notice Chooses the option that the parties together offer most for.
/// @dev Twin of `market/mechanisms/hco.py` and `market/payments.py`.
/// Bids are one byte of width, 2 or 4, with the highest bit set if exact set-points follow; then for
/// each covered window an offer of so many bytes for each option, in ticks; and then, if they follow,
/// for each covered window four bytes of exact set-point for each option, signed, in thousandths.
contract HighestCombinedOffer is SharedControl {
    /// @notice How the parties pay for the chosen option.
    enum Payment {
        Difference,
        EqualSplit,
        None
    }

    uint256 private constant POINTS = 0x80;

    /// @notice The payment rule that the parties agreed.
    Payment public immutable PAYMENT;

    constructor(Terms memory terms, Payment payment) SharedControl(terms) {
        PAYMENT = payment;
    }

    /// @inheritdoc SharedControl
    function _layout(bytes memory bids, uint256 count)
        internal
        view
        override
        returns (uint256 width, uint256 head, bool points)
    {
        if (bids.length == 0) return (0, 0, false);
        uint256 first = uint8(bids[0]);
        (width, points) = (first & ~POINTS, first & POINTS != 0);
        uint256 wanted = 1 + count * OPTIONS * (points ? width + 4 : width);
        if ((width != 2 && width != 4) || bids.length != wanted) return (0, 0, false);
        return (width, 1, points);
    }

    /// @inheritdoc SharedControl
    function _isWellFormed(Lanes memory, uint256) internal pure override returns (bool) {
        return true;
    }

    /// @inheritdoc SharedControl
    function _highest(Lanes memory by, uint256 row) internal pure override returns (uint256) {
        return Tally.highest(by, row);
    }

    /// @inheritdoc SharedControl
    function _keeps(Lanes memory by, uint256 row, uint256 cap) internal pure override returns (bool) {
        return Tally.keeps(by, row, cap);
    }

    /// @inheritdoc SharedControl
    function _better(uint256 one, uint256 other) internal pure override returns (bool) {
        return one > other;
    }

    /// @inheritdoc SharedControl
    /// @dev The options with the highest sum of offers.
    function _candidates(Table memory table) internal pure override returns (uint256, uint256) {
        return Tally.leaders(table.by, table.rows, 0, table.room);
    }

    /// @inheritdoc SharedControl
    /// @dev `(n·o - S) / divisor`, rounded down, odd ticks to the lowest seats that were rounded. For two
    /// that pay the difference this is the difference.
    function _charge(Table memory table, uint256 option) internal view override {
        if (PAYMENT == Payment.None) return;
        (uint256[] memory rows, uint256 width) = (table.rows, table.by.width);
        if (PAYMENT == Payment.Difference && rows.length == 2) {
            uint256 one = Tally.number(Memory.get(rows, 0), option, width);
            uint256 other = Tally.number(Memory.get(rows, 1), option, width);
            unchecked {
                Memory.set(table.payments, 0, one - other);
                Memory.set(table.payments, 1, other - one);
            }
        } else {
            _share(rows, option, width, table.payments);
        }
    }

    /// @dev Write what each of any number of participants pays.
    function _share(uint256[] memory rows, uint256 option, uint256 width, uint256[] memory payments)
        private
        view
    {
        uint256 count = rows.length;
        unchecked {
            // Offers have 32 bits and there are at most 255, so nothing here overflows.
            uint256 total;
            for (uint256 i; i < count; ++i) total += Tally.number(Memory.get(rows, i), option, width);
            int256 divisor = int256(PAYMENT == Payment.Difference ? count - 1 : count);
            int256 odd;
            uint256 rounded;
            for (uint256 i; i < count; ++i) {
                uint256 offer = Tally.number(Memory.get(rows, i), option, width);
                int256 exact = int256(count * offer - total);
                int256 payment = exact / divisor;
                int256 rest = exact - payment * divisor;
                if (rest < 0) --payment;
                if (rest != 0) rounded |= 1 << i;
                Memory.set(payments, i, uint256(payment));
                odd -= payment;
            }
            for (uint256 i; odd != 0; ++i) {
                if (rounded >> i & 1 == 0) continue;
                Memory.set(payments, i, Memory.get(payments, i) + 1);
                --odd;
            }
        }
    }
}
