// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Option, SharedControl, Terms} from "./SharedControl.sol";
import "./Errors.sol";

/// @title Highest combined offer
/// @notice Chooses the option that the parties together offer most for.
/// @dev Twin of `market/mechanisms/hco.py` and `market/payments.py`.
/// A bid is four bytes of offer for each option, in ticks, and then, if its party cares,
/// four bytes of exact set-point for each option, signed, in thousandths of the unit.
contract HighestCombinedOffer is SharedControl {
    /// @notice How the parties pay for the chosen option.
    enum Payment {
        Difference,
        EqualSplit,
        None
    }

    /// @notice The payment rule that the parties agreed.
    Payment public immutable PAYMENT;

    constructor(Terms memory terms, Payment payment) SharedControl(terms) {
        PAYMENT = payment;
    }

    /// @inheritdoc SharedControl
    function _read(uint256 seat, bytes calldata bid) internal view override returns (uint256[] memory offers) {
        uint256 width = 4 * OPTIONS;
        require(bid.length == width || bid.length == 2 * width, BidMalformed(seat, bid.length, width));
        offers = new uint256[](OPTIONS);
        for (uint256 option; option < OPTIONS; ++option) {
            offers[option] = uint32(bytes4(bid[4 * option:]));
        }
        if (bid.length == width) return offers;
        for (uint256 option; option < OPTIONS; ++option) {
            int32 point = _point(bid, option);
            Option memory range = _option(option);
            require(range.low <= point && point <= range.high, PointOutsideOption(seat, option, point));
        }
    }

    /// @inheritdoc SharedControl
    function _highestOffer(uint256[] memory offers) internal pure override returns (uint256 highest) {
        for (uint256 option; option < offers.length; ++option) {
            if (offers[option] > highest) highest = offers[option];
        }
    }

    /// @inheritdoc SharedControl
    function _better(uint256 one, uint256 other) internal pure override returns (bool) {
        return one > other;
    }

    /// @inheritdoc SharedControl
    /// @dev The options with the highest sum of offers.
    function _candidates(uint256[][] memory bids) internal view override returns (uint256 candidates) {
        uint256 highest;
        for (uint256 option; option < OPTIONS; ++option) {
            uint256 combined;
            for (uint256 i; i < bids.length; ++i) combined += bids[i][option];
            if (combined > highest) (highest, candidates) = (combined, 0);
            if (combined == highest) candidates |= 1 << option;
        }
    }

    /// @inheritdoc SharedControl
    /// @dev `(n·o - S) / divisor`, rounded down, odd ticks to the lowest seats that were rounded.
    function _charge(uint256[] memory offers) internal view override returns (int256[] memory payments) {
        payments = new int256[](offers.length);
        if (PAYMENT == Payment.None) return payments;
        int256 count = int256(offers.length);
        int256 divisor = PAYMENT == Payment.Difference ? count - 1 : count;
        int256 total;
        for (uint256 i; i < offers.length; ++i) total += int256(offers[i]);
        int256 odd;
        for (uint256 i; i < offers.length; ++i) {
            payments[i] = _divDown(count * int256(offers[i]) - total, divisor);
            odd -= payments[i];
        }
        for (uint256 i; odd > 0; ++i) {
            if (payments[i] * divisor == count * int256(offers[i]) - total) continue;
            ++payments[i];
            --odd;
        }
    }

    /// @inheritdoc SharedControl
    /// @dev The point of the highest bidder at the option, the lowest seat among equals.
    function _setPoint(
        uint256[] memory seats,
        uint256[][] memory table,
        bytes[] calldata bids,
        uint256 option
    ) internal view override returns (int256) {
        if (seats.length == 0) return _middle(option);
        uint256 highest;
        for (uint256 i = 1; i < seats.length; ++i) {
            if (table[i][option] > table[highest][option]) highest = i;
        }
        bytes calldata bid = bids[seats[highest]];
        return bid.length == 4 * OPTIONS ? _middle(option) : _point(bid, option);
    }

    function _point(bytes calldata bid, uint256 option) private view returns (int32) {
        return int32(uint32(bytes4(bid[4 * (OPTIONS + option):])));
    }

    function _divDown(int256 numerator, int256 divisor) private pure returns (int256 quotient) {
        quotient = numerator / divisor;
        if (numerator % divisor < 0) --quotient;
    }
}
