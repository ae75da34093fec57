// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Memory} from "../src/Memory.sol";
import {Lanes, Tally} from "../src/Tally.sol";
import {Rig} from "./Rig.sol";

/// @title Lanes against one number at a time
contract TallyTest is Rig {
    struct Case {
        uint256 options;
        uint256 width;
        bytes laid;
        uint256[] rows;
    }

    /// @dev Rows of many zeros, half of them with many of the largest number, and some between; what
    /// lies behind them is not zero.
    function _drawn(uint256 seed) private pure returns (Case memory drawn) {
        drawn.options = 2 + seed % 40;
        drawn.width = 1 << (seed >> 8) % 3;
        drawn.rows = new uint256[](1 + (seed >> 16) % (seed >> 24 & 1 == 0 ? 4 : 255));
        uint256 many = drawn.options * drawn.rows.length;
        uint256 common = seed >> 32 & 1 == 0 ? 0 : type(uint256).max;
        drawn.laid = new bytes(many * drawn.width + 32);
        for (uint256 i; i < drawn.laid.length; ++i) drawn.laid[i] = 0xff;
        for (uint256 i; i < many; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            uint256 number = dice % 4 == 0 ? dice >> 128 : dice % 4 == 1 ? 0 : common;
            _write(drawn, i, number);
        }
        _place(drawn);
    }

    function _write(Case memory drawn, uint256 i, uint256 number) private pure {
        for (uint256 k; k < drawn.width; ++k) {
            drawn.laid[i * drawn.width + k] = bytes1(uint8(number >> 8 * (drawn.width - 1 - k)));
        }
    }

    function _place(Case memory drawn) private pure {
        for (uint256 i; i < drawn.rows.length; ++i) {
            drawn.rows[i] = Memory.start(drawn.laid) + i * drawn.options * drawn.width;
        }
    }

    function _number(Case memory drawn, uint256 row, uint256 option) private pure returns (uint256 number) {
        uint256 start = (row * drawn.options + option) * drawn.width;
        for (uint256 k; k < drawn.width; ++k) number = number << 8 | uint8(drawn.laid[start + k]);
    }

    function _leaders(Case memory drawn, bool least) private pure returns (uint256 found) {
        uint256[] memory sums = new uint256[](drawn.options + Tally.ROOM);
        uint256 flip = least ? type(uint256).max : 0;
        uint256 option;
        (found, option) =
            Tally.leaders(Tally.lanes(drawn.options, drawn.width), drawn.rows, flip, sums);
        if (found & (found - 1) == 0) _same(found, 1 << option, "the one that leads alone");
    }

    function testFuzz_leadersHaveTheLargestSumOrTheSmallest(uint256 seed) external pure {
        Case memory drawn = _drawn(seed);
        uint256[] memory sums = new uint256[](drawn.options);
        (uint256 most, uint256 least) = (0, type(uint256).max);
        for (uint256 option; option < drawn.options; ++option) {
            for (uint256 row; row < drawn.rows.length; ++row) sums[option] += _number(drawn, row, option);
            if (sums[option] > most) most = sums[option];
            if (sums[option] < least) least = sums[option];
        }
        (uint256 first, uint256 last) = (0, 0);
        for (uint256 option; option < drawn.options; ++option) {
            if (sums[option] == most) first |= 1 << option;
            if (sums[option] == least) last |= 1 << option;
        }
        _same(_leaders(drawn, false), first, "largest");
        _same(_leaders(drawn, true), last, "smallest");
    }

    function testFuzz_highestIsTheLeastCapThatIsKept(uint256 seed) external pure {
        Case memory drawn = _drawn(seed);
        Lanes memory by = Tally.lanes(drawn.options, drawn.width);
        uint256 most;
        for (uint256 option; option < drawn.options; ++option) {
            uint256 number = _number(drawn, 0, option);
            _same(Tally.number(drawn.rows[0], option, drawn.width), number, "number");
            if (number > most) most = number;
        }
        _same(Tally.highest(by, drawn.rows[0]), most, "highest");
        _check(Tally.keeps(by, drawn.rows[0], most), "kept");
        _check(most == 0 || !Tally.keeps(by, drawn.rows[0], most - 1), "not kept");
    }

    function testFuzz_widenedNumbersAreTheSame(uint256 seed) external pure {
        Case memory drawn = _drawn(seed);
        uint256 many = drawn.options * drawn.rows.length;
        uint256 place = Tally.widened(drawn.rows[0], many, drawn.width, 4);
        for (uint256 i; i < many; ++i) _same(Tally.number(place, i, 4), _number(drawn, 0, i), "number");
    }

    function testFuzz_bitsAreCounted(uint256 bits) external pure {
        uint256 counted;
        for (uint256 left = bits & type(uint256).max >> 1; left != 0; left >>= 1) counted += left & 1;
        _same(Tally.count(bits & type(uint256).max >> 1), counted, "bits");
    }

    /// @dev Sums of 32,768, 1 and 0: the first has the highest bit of its lane, and no other.
    function test_highestBitOfASumIsCompared() external pure {
        Case memory drawn = Case(3, 1, new bytes(3 * 255 + 32), new uint256[](255));
        for (uint256 row; row < 128; ++row) _write(drawn, 3 * row, 255);
        _write(drawn, 3 * 128, 128);
        _write(drawn, 1, 1);
        _place(drawn);
        _same(_leaders(drawn, false), 1, "leader");
    }
}
