// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SharedControl, Table, Terms} from "./SharedControl.sol";
import {Tally} from "./Tally.sol";

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
    function _read(uint256 row, uint256 width) internal view override returns (bool, uint256) {
        return (true, Tally.highest(row, OPTIONS, width));
    }

    /// @inheritdoc SharedControl
    function _better(uint256 one, uint256 other) internal pure override returns (bool) {
        return one > other;
    }

    /// @inheritdoc SharedControl
    /// @dev The options with the highest sum of offers.
    function _candidates(Table memory table) internal view override returns (uint256) {
        return Tally.leaders(table.rows, OPTIONS, table.width, 0, table.sums);
    }

    /// @inheritdoc SharedControl
    /// @dev `(n·o - S) / divisor`, rounded down, odd ticks to the lowest seats that were rounded.
    function _charge(Table memory table, uint256 option) internal view override {
        if (PAYMENT == Payment.None) return;
        (uint256[] memory rows, uint256 width) = (table.rows, table.width);
        unchecked {
            // Offers have 32 bits and there are at most 255, so nothing here overflows.
            int256 count = int256(rows.length);
            int256 divisor = PAYMENT == Payment.Difference ? count - 1 : count;
            int256 total;
            for (uint256 i; i < rows.length; ++i) total += int256(Tally.number(rows[i], option, width));
            int256 odd;
            uint256 rounded;
            for (uint256 i; i < rows.length; ++i) {
                int256 exact = count * int256(Tally.number(rows[i], option, width)) - total;
                int256 payment = _divDown(exact, divisor);
                if (payment * divisor != exact) rounded |= 1 << i;
                table.participants[i].payment = payment;
                odd -= payment;
            }
            for (uint256 i; odd > 0; ++i) {
                if (rounded >> i & 1 == 0) continue;
                ++table.participants[i].payment;
                --odd;
            }
        }
    }

    function _divDown(int256 numerator, int256 divisor) private pure returns (int256 quotient) {
        unchecked {
            quotient = numerator / divisor;
            if (numerator % divisor < 0) --quotient;
        }
    }
}
