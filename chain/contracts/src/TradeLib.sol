// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Memory} from "./Memory.sol";

/// @title How orders, outcomes and readings of a marketplace are laid out
/// @notice All numbers are big-endian.
/// - The orders of a seat: for each window 4 bytes of its quantity, signed, and 2 of its limit.
/// - An outcome: for each window and seat 4 bytes of its trade, signed; then for each seat 8 of what
///   settlement owes it if all is delivered: what it locked less what it pays.
/// - Payments: for each window and seat 8 bytes, signed.
/// - Readings: for each window and seat 4 bytes, signed.
/// Twin of `chain/trades.py`.
library TradeLib {
    uint256 internal constant ORDER = 6;
    uint256 internal constant FLOW = 4;
    uint256 internal constant DUE = 8;
    uint256 internal constant PAYMENT = 8;

    /// @dev The order at a place.
    function order(uint256 place) internal pure returns (int256 quantity, uint256 limit) {
        uint256 word = Memory.load(place) >> 208;
        return (int32(uint32(word >> 16)), uint16(word));
    }

    /// @dev The trade or the reading of a seat, of those that start at a place.
    function flow(uint256 place, uint256 seat) internal pure returns (int256) {
        unchecked {
            return int32(uint32(Memory.load(place + FLOW * seat) >> 224));
        }
    }

    /// @dev The due of a seat, of those that start at a place.
    function due(uint256 place, uint256 seat) internal pure returns (uint256) {
        unchecked {
            return Memory.load(place + DUE * seat) >> 192;
        }
    }

    /// @dev Write the last so many bytes of a number; return the place behind. The rest of a word is
    /// overwritten with zeros.
    function write(uint256 place, uint256 number, uint256 size) internal pure returns (uint256) {
        unchecked {
            Memory.store(place, number << (256 - 8 * size));
            return place + size;
        }
    }

    /// @dev How much of a trade was not delivered: taken, or given where it is negative.
    function shortfall(int256 traded, int256 metered) internal pure returns (uint256) {
        unchecked {
            if (traded < 0) (traded, metered) = (-traded, -metered);
            if (metered <= 0) return uint256(traded);
            return metered < traded ? uint256(traded - metered) : 0;
        }
    }
}
