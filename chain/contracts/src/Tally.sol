// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Sums over participants and extremes over options, several options at once
/// @notice A row is one bid for one window: a number for each option, side by side in memory, each
/// `width` bytes wide, 1, 2 or 4. A row is named by its place in memory.
/// @dev Numbers of a row are added and compared in lanes of a word: of 4 bytes for numbers of 1 or 2,
/// of 8 for numbers of 4. A word of a row is dealt out to `lane / width` such words, so that each
/// number has room for the sum over 255 rows and the highest bit of its lane is free.
/// Assumptions, of all functions:
/// - A row has at most 255 numbers, and there are at most 255 rows.
/// - What lies behind a row may be read, and counts as zeros.
library Tally {
    /// @dev How many words of sums there may be besides one for each option.
    uint256 internal constant ROOM = 4;

    /// @dev The number of an option in a row.
    function number(uint256 row, uint256 option, uint256 width) internal pure returns (uint256) {
        unchecked {
            return _load(row + option * width) >> (256 - 8 * width);
        }
    }

    /// @dev A copy of numbers, each of `wide` bytes; returns its place.
    function widened(uint256 numbers, uint256 many, uint256 width, uint256 wide)
        internal
        pure
        returns (uint256 place)
    {
        unchecked {
            // Each number is written with zeros behind it, which reach into the next, written later.
            bytes memory room = new bytes(many * wide + 32);
            assembly ("memory-safe") {
                place := add(room, 32)
            }
            for (uint256 i; i < many; ++i) {
                uint256 word = number(numbers, i, width) << (256 - 8 * wide);
                uint256 to = place + i * wide;
                assembly ("memory-safe") {
                    mstore(to, word)
                }
            }
        }
    }

    /// @dev The largest number of a row.
    function highest(uint256 row, uint256 options, uint256 width) internal pure returns (uint256) {
        unchecked {
            uint256 bits = 8 * width;
            (uint256 lane, uint256 tops) = _lanes(width);
            uint256 mask = (tops >> (lane - 1)) * ((1 << bits) - 1);
            uint256 most;
            for (uint256 start; start < options * width; start += 32) {
                uint256 word = wordAt(row, start, options * width);
                for (uint256 shift; shift < lane; shift += bits) {
                    most = _larger(most, word >> shift & mask, lane, tops);
                }
            }
            return _largestLane(most, lane, tops);
        }
    }

    /// @dev A bit for each option whose sum over the rows is the largest.
    /// @param flip Zero; or ones, to sum what each number lacks of its most, and so find the smallest.
    /// @param sums Room for the sums: `ROOM` words more than a row has numbers are enough.
    function leaders(
        uint256[] memory rows,
        uint256 options,
        uint256 width,
        uint256 flip,
        uint256[] memory sums
    ) internal pure returns (uint256 found) {
        unchecked {
            (uint256 lane, uint256 tops) = _lanes(width);
            uint256 ones = tops >> (lane - 1);
            uint256 most = ones * _largestLane(_sum(rows, options * width, width, flip, sums), lane, tops);
            uint256 place;
            for (uint256 first; first < options; first += 32 / width) {
                // In a word of the row, the last bit of each number whose sum is the largest.
                uint256 ends;
                for (uint256 shift; shift < lane; shift += 8 * width) {
                    uint256 different = (sums[place++] ^ most) + (tops - ones);
                    ends |= (tops & ~different) >> (lane - 1) << shift;
                }
                while (ends != 0) {
                    uint256 end = Math.log2(ends);
                    found |= 1 << (first + (255 - end) / (8 * width));
                    ends ^= 1 << end;
                }
            }
            // Behind the last option are zeros, and they lead too if all sums are zero.
            return found & ((1 << options) - 1);
        }
    }

    /// @dev Write the sums over rows into `sums`, in lanes; return the largest of each lane.
    function _sum(uint256[] memory rows, uint256 size, uint256 width, uint256 flip, uint256[] memory sums)
        private
        pure
        returns (uint256 most)
    {
        unchecked {
            (uint256 lane, uint256 tops) = _lanes(width);
            uint256 mask = (tops >> (lane - 1)) * ((1 << 8 * width) - 1);
            uint256 place;
            for (uint256 start; start < size; start += 32) {
                uint256 within = _within(size - start);
                for (uint256 shift; shift < lane; shift += 8 * width) {
                    uint256 kept = within >> shift & mask;
                    uint256 sum;
                    for (uint256 i; i < rows.length; ++i) {
                        sum += (_load(rows[i] + start) ^ flip) >> shift & kept;
                    }
                    sums[place++] = sum;
                    most = _larger(most, sum, lane, tops);
                }
            }
        }
    }

    /// @dev How many bits are set, of 255 at most.
    function count(uint256 bits) internal pure returns (uint256) {
        unchecked {
            // Counts of pairs, of fours, of bytes; and the product gathers those of all bytes on top.
            uint256 pairs = type(uint256).max / 3;
            uint256 fours = type(uint256).max / 5;
            uint256 bytes_ = type(uint256).max / 17;
            bits -= bits >> 1 & pairs;
            bits = (bits & fours) + (bits >> 2 & fours);
            return ((bits + (bits >> 4)) & bytes_) * (type(uint256).max / 255) >> 248;
        }
    }

    /// @dev The word of a row that starts so many bytes behind its start, with zeros behind its end.
    function wordAt(uint256 row, uint256 start, uint256 size) internal pure returns (uint256) {
        unchecked {
            return _load(row + start) & _within(size - start);
        }
    }

    /// @dev The first bytes of a word, so many as are left: all bits set in them.
    function _within(uint256 left) private pure returns (uint256) {
        unchecked {
            return left < 32 ? ~(type(uint256).max >> 8 * left) : type(uint256).max;
        }
    }

    function _load(uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    /// @dev How many bits a lane has, and a word of lanes with the highest bit of each set.
    function _lanes(uint256 width) private pure returns (uint256 lane, uint256 tops) {
        unchecked {
            lane = width == 4 ? 64 : 32;
            tops = type(uint256).max / ((1 << lane) - 1) << (lane - 1);
        }
    }

    /// @dev The larger of each lane of two words.
    function _larger(uint256 one, uint256 other, uint256 lane, uint256 tops) private pure returns (uint256) {
        unchecked {
            // The highest bit of a lane stays where `one` is not the less; then all below it are set.
            uint256 kept = ((one | tops) - other) & tops;
            return other ^ ((one ^ other) & (kept - (kept >> (lane - 1))));
        }
    }

    /// @dev The largest of a word's lanes: the word is folded until it is one lane.
    function _largestLane(uint256 word, uint256 lane, uint256 tops) private pure returns (uint256) {
        unchecked {
            for (uint256 half = 128; half >= lane; half >>= 1) {
                word = _larger(word, word >> half, lane, tops);
            }
            return word & ((1 << lane) - 1);
        }
    }
}
