// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Memory} from "./Memory.sol";
import {RankedPreferenceSelection} from "./RankedPreferenceSelection.sol";
import {Table, Terms} from "./SharedControl.sol";
import {Tally} from "./Tally.sol";

/// @title Ranked preference selection over all undominated options
/// @notice Lets authority choose among the options that no other is better than for every party.
/// @dev Twin of `market/mechanisms/rps_pareto.py`, which compares each option with each other, as the
/// paper's Algorithm 2. Here options are bits, and work grows with their number, not its square.
contract ParetoPreferenceSelection is RankedPreferenceSelection {
    constructor(Terms memory terms) RankedPreferenceSelection(terms) {}

    /// @inheritdoc RankedPreferenceSelection
    function _candidates(Table memory table)
        internal
        pure
        override
        returns (uint256 candidates, uint256 option)
    {
        (uint256 options, uint256[] memory room) = (table.by.options, table.room);
        unchecked {
            // In the room: for each option those that may dominate it; then those of each rank.
            for (uint256 one; one < options; ++one) Memory.set(room, one, type(uint256).max);
            for (uint256 i; i < table.rows.length; ++i) {
                _keepBetter(room, Memory.get(table.rows, i), options);
            }
            for (uint256 one; one < options; ++one) {
                if (Memory.get(room, one) == 0) (candidates, option) = (candidates | 1 << one, one);
            }
        }
    }

    /// @dev Of those that may dominate each option, keep those that a party ranks better.
    function _keepBetter(uint256[] memory room, uint256 row, uint256 options) private pure {
        unchecked {
            for (uint256 one; one < options; ++one) {
                Memory.set(room, options - 1 + Tally.number(row, one, 1), one);
            }
            uint256 better;
            for (uint256 rank = 1; rank <= options; ++rank) {
                uint256 one = Memory.get(room, options - 1 + rank);
                Memory.set(room, one, Memory.get(room, one) & better);
                better |= 1 << one;
            }
        }
    }
}
