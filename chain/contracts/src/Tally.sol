// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Memory} from "./Memory.sol";

/// @notice How rows are split to be counted, all numbers of a word at once.
/// @param options How many numbers a row has.
/// @param width How many bytes a number has: 1, 2 or 4.
/// @param size How many bytes a row has.
/// @param last Ones where the last word of a row is in the row.
/// @param lane How many bits a lane has: twice those of a number.
/// @param tops The highest bit of each lane.
/// @param mask The lower half of each lane.
struct Lanes {
    uint256 options;
    uint256 width;
    uint256 size;
    uint256 last;
    uint256 lane;
    uint256 tops;
    uint256 mask;
}

/// @title Sums over participants and extremes over options, many options at once
/// @notice A row is one bid for one window: a number for each option, side by side in memory; it is
/// named by its place. A word of a row is split into two words of lanes, its odd and its even numbers,
/// each with room above it for the sum over 255 rows; so lanes are added in one instruction.
/// @dev Assumptions, of all functions:
/// - Rows have at most 255 numbers, and at most 255 rows are summed.
/// - What lies behind a row may be read; it counts as zeros.
library Tally {
    /// @dev How many words of sums there may be besides one for each option.
    uint256 internal constant ROOM = 2;

    /// @dev Lanes for rows of so many numbers, of so many bytes.
    function lanes(uint256 options, uint256 width) internal pure returns (Lanes memory made) {
        unchecked {
            (made.options, made.width, made.size, made.lane) = (options, width, options * width, 16 * width);
            made.last = ~(type(uint256).max >> 8 * ((made.size - 1) % 32 + 1));
            uint256 ones = type(uint256).max / ((1 << made.lane) - 1);
            made.tops = ones << (made.lane - 1);
            made.mask = ones * ((1 << 8 * width) - 1);
        }
    }

    /// @dev The number of an option in a row.
    function number(uint256 row, uint256 option, uint256 width) internal pure returns (uint256) {
        unchecked {
            return Memory.load(row + option * width) >> (256 - 8 * width);
        }
    }

    /// @dev A copy of numbers, each made so many bytes wide; returns its place.
    function widened(uint256 numbers, uint256 many, uint256 width, uint256 wide)
        internal
        pure
        returns (uint256 place)
    {
        unchecked {
            // A number is written with zeros behind it, over which the next is written.
            place = Memory.start(new bytes(many * wide + 32));
            for (uint256 i; i < many; ++i) {
                Memory.store(place + i * wide, number(numbers, i, width) << (256 - 8 * wide));
            }
        }
    }

    /// @dev Whether no number of a row is larger than `most`.
    function keeps(Lanes memory by, uint256 row, uint256 most) internal pure returns (bool) {
        unchecked {
            (uint256 size, uint256 half, uint256 mask) = (by.size, by.lane / 2, by.mask);
            if (most >= 1 << half) return true;
            // The highest bit of a lane is borrowed from where a number is larger.
            uint256 tops = by.tops;
            uint256 limits = tops | (tops >> (2 * half - 1)) * most;
            uint256 kept = tops;
            for (uint256 start; start < size; start += 32) {
                uint256 word = wordAt(by, row, start);
                kept &= (limits - (word & mask)) & (limits - (word >> half & mask));
            }
            return kept == tops;
        }
    }

    /// @dev The largest number of a row.
    function highest(Lanes memory by, uint256 row) internal pure returns (uint256) {
        unchecked {
            (uint256 size, uint256 lane, uint256 mask) = (by.size, by.lane, by.mask);
            uint256 tops = by.tops;
            uint256 most;
            for (uint256 start; start < size; start += 32) {
                uint256 word = wordAt(by, row, start);
                uint256 pair = _larger(word & mask, word >> lane / 2 & mask, lane, tops);
                most = start == 0 ? pair : _larger(most, pair, lane, tops);
            }
            return _largestLane(most, lane, tops);
        }
    }

    /// @dev The options whose sum over the rows is the largest: a bit for each; and which it is, if it
    /// is one alone.
    /// @param flip Zero; or ones, to sum what each number lacks of its most, and so find the smallest.
    /// @param sums Room for `ROOM` words more than a row has numbers.
    function leaders(Lanes memory by, uint256[] memory rows, uint256 flip, uint256[] memory sums)
        internal
        pure
        returns (uint256 found, uint256 option)
    {
        unchecked {
            (uint256 lane, uint256 tops) = (by.lane, by.tops);
            uint256 most = _largestLane(_sum(by, rows, flip, sums), lane, tops) * (tops >> (lane - 1));
            uint256 place;
            for (uint256 start; start < by.size; start += 32) {
                // The lowest bit of each number of a word of a row whose sum is the largest.
                uint256 ends = _equal(Memory.get(sums, place), most, lane, tops)
                    | _equal(Memory.get(sums, place + 1), most, lane, tops) << lane / 2;
                place += 2;
                while (ends != 0) {
                    uint256 end = Math.log2(ends);
                    option = (start + 31 - end / 8) / by.width;
                    found |= 1 << option;
                    ends ^= 1 << end;
                }
            }
            // Behind the last option are zeros, which lead as well if all sums are zero.
            found &= (1 << by.options) - 1;
        }
    }

    /// @dev Write the sums over rows into `sums`, two words of lanes for each word of a row; return the
    /// largest of each lane.
    function _sum(Lanes memory by, uint256[] memory rows, uint256 flip, uint256[] memory sums)
        private
        pure
        returns (uint256 most)
    {
        unchecked {
            (uint256 lane, uint256 tops, uint256 mask) = (by.lane, by.tops, by.mask);
            uint256 place;
            for (uint256 start; start < by.size; start += 32) {
                uint256 inside = _inside(by, start);
                (uint256 even, uint256 odd) = (0, 0);
                for (uint256 i; i < rows.length; ++i) {
                    uint256 word = (Memory.load(Memory.get(rows, i) + start) ^ flip) & inside;
                    even += word & mask;
                    odd += word >> lane / 2 & mask;
                }
                Memory.set(sums, place++, even);
                Memory.set(sums, place++, odd);
                uint256 pair = _larger(even, odd, lane, tops);
                most = start == 0 ? pair : _larger(most, pair, lane, tops);
            }
        }
    }

    /// @dev The word of a row that starts so many bytes behind its start, with zeros behind its end.
    function wordAt(Lanes memory by, uint256 row, uint256 start) internal pure returns (uint256) {
        unchecked {
            return Memory.load(row + start) & _inside(by, start);
        }
    }

    /// @dev How many bits are set, of 255 at most.
    function count(uint256 bits) internal pure returns (uint256) {
        unchecked {
            // Counts of pairs, of fours and of eights; the product gathers the last in its highest byte.
            bits -= bits >> 1 & type(uint256).max / 3;
            bits = (bits & type(uint256).max / 5) + (bits >> 2 & type(uint256).max / 5);
            bits = bits + (bits >> 4) & type(uint256).max / 17;
            return bits * (type(uint256).max / 255) >> 248;
        }
    }

    function _inside(Lanes memory by, uint256 start) private pure returns (uint256) {
        unchecked {
            return start + 32 < by.size ? type(uint256).max : by.last;
        }
    }

    /// @dev The larger of each lane of two words.
    function _larger(uint256 one, uint256 other, uint256 lane, uint256 tops) private pure returns (uint256) {
        unchecked {
            // The difference of all but the highest bits leaves the highest bit of a lane set where `one` is
            // not the less in them; where the highest bits differ, they decide.
            uint256 different = one ^ other;
            uint256 lower = (one | tops) - (other & ~tops);
            uint256 notLess = ((one & different) | (lower & ~different)) & tops;
            return other ^ (different & (notLess >> (lane - 1)) * ((1 << lane) - 1));
        }
    }

    /// @dev The lowest bit of each lane in which two words are equal.
    function _equal(uint256 one, uint256 other, uint256 lane, uint256 tops) private pure returns (uint256) {
        unchecked {
            uint256 different = one ^ other;
            // Any bit below the highest carries into it.
            uint256 carried = (different & ~tops) + (~tops);
            return (~(carried | different) & tops) >> (lane - 1);
        }
    }

    /// @dev The largest of a word's lanes: the word is folded until it is one lane.
    function _largestLane(uint256 word, uint256 lane, uint256 tops) private pure returns (uint256) {
        unchecked {
            word = _larger(word, word >> 128, lane, tops);
            word = _larger(word, word >> 64, lane, tops);
            if (lane <= 32) word = _larger(word, word >> 32, lane, tops);
            if (lane == 16) word = _larger(word, word >> 16, lane, tops);
            return word & ((1 << lane) - 1);
        }
    }
}
