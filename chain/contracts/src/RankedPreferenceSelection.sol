// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SharedControl, Table, Terms} from "./SharedControl.sol";
import {Lanes, Tally} from "./Tally.sol";

/// @title Ranked preference selection
/// @notice Chooses the option with the lowest sum of ranks; nobody pays.
/// @dev Twin of `market/mechanisms/rps.py`. Bids are, for each covered window, one byte of rank for
/// each option, 1 the best.
contract RankedPreferenceSelection is SharedControl {
    constructor(Terms memory terms) SharedControl(terms) {}

    /// @inheritdoc SharedControl
    function _layout(bytes memory bids, uint256 count)
        internal
        view
        override
        returns (uint256 width, uint256 head, bool points)
    {
        if (bids.length == count * OPTIONS) width = 1;
        return (width, 0, false);
    }

    /// @inheritdoc SharedControl
    /// @dev Ranks are not money.
    function _highest(Lanes memory, uint256) internal pure override returns (uint256) {
        return 0;
    }

    /// @inheritdoc SharedControl
    function _keeps(Lanes memory, uint256, uint256) internal pure override returns (bool) {
        return true;
    }

    /// @inheritdoc SharedControl
    /// @dev Whether each rank stands once.
    function _isWellFormed(Lanes memory by, uint256 row) internal pure override returns (bool) {
        uint256 seen = 1;
        for (uint256 start; start < by.size; start += 32) {
            uint256 ranks = Tally.wordAt(by, row, start);
            // Eight a turn; zeros, as behind the last rank, mark the bit that is marked already.
            assembly ("memory-safe") {
                for {} ranks { ranks := shl(64, ranks) } {
                    seen := or(seen, shl(byte(0, ranks), 1))
                    seen := or(seen, shl(byte(1, ranks), 1))
                    seen := or(seen, shl(byte(2, ranks), 1))
                    seen := or(seen, shl(byte(3, ranks), 1))
                    seen := or(seen, shl(byte(4, ranks), 1))
                    seen := or(seen, shl(byte(5, ranks), 1))
                    seen := or(seen, shl(byte(6, ranks), 1))
                    seen := or(seen, shl(byte(7, ranks), 1))
                }
            }
        }
        // Every bit from 0, which is set above, to the number of options, and no other.
        return seen == type(uint256).max >> (255 - by.options);
    }

    /// @inheritdoc SharedControl
    function _better(uint256 one, uint256 other) internal pure override returns (bool) {
        return one < other;
    }

    /// @inheritdoc SharedControl
    /// @dev The lowest sum is never dominated, so no Pareto filter is needed: linear in options and parties.
    function _candidates(Table memory table) internal pure virtual override returns (uint256, uint256) {
        return Tally.leaders(table.by, table.rows, type(uint256).max, table.room);
    }

    /// @inheritdoc SharedControl
    function _charge(Table memory, uint256) internal pure override {}
}
