// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RankedPreferenceSelection} from "./RankedPreferenceSelection.sol";
import {Table, Terms} from "./SharedControl.sol";
import {Tally} from "./Tally.sol";

/// @title Ranked preference selection over all undominated options
/// @notice Lets authority choose among the options that no other is better than for every party.
/// @dev Twin of `market/mechanisms/rps_pareto.py`: quadratic in options, as the paper's Algorithm 2.
contract ParetoPreferenceSelection is RankedPreferenceSelection {
    constructor(Terms memory terms) RankedPreferenceSelection(terms) {}

    /// @inheritdoc RankedPreferenceSelection
    function _candidates(Table memory table) internal view override returns (uint256 candidates) {
        for (uint256 option; option < OPTIONS; ++option) {
            bool dominated;
            for (uint256 other; other < OPTIONS && !dominated; ++other) {
                dominated = _dominates(table, other, option);
            }
            if (!dominated) candidates |= 1 << option;
        }
    }

    /// @dev Whether every party ranks one option strictly better than the other.
    function _dominates(Table memory table, uint256 one, uint256 other) private pure returns (bool) {
        (uint256[] memory rows, uint256 width) = (table.rows, table.width);
        for (uint256 i; i < rows.length; ++i) {
            if (Tally.number(rows[i], one, width) >= Tally.number(rows[i], other, width)) return false;
        }
        return true;
    }
}
