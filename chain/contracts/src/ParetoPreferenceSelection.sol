// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RankedPreferenceSelection} from "./RankedPreferenceSelection.sol";
import {Terms} from "./SharedControl.sol";

/// @title Ranked preference selection over all undominated options
/// @notice Lets authority choose among the options that no other is better than for every party.
/// @dev Twin of `market/mechanisms/rps_pareto.py`: quadratic in options, as the paper's Algorithm 2.
contract ParetoPreferenceSelection is RankedPreferenceSelection {
    constructor(Terms memory terms) RankedPreferenceSelection(terms) {}

    /// @inheritdoc RankedPreferenceSelection
    function _candidates(uint256[][] memory bids) internal view override returns (uint256 candidates) {
        for (uint256 option; option < OPTIONS; ++option) {
            bool dominated;
            for (uint256 other; other < OPTIONS && !dominated; ++other) {
                dominated = _dominates(bids, other, option);
            }
            if (!dominated) candidates |= 1 << option;
        }
    }

    /// @dev Whether every party ranks one option strictly better than the other.
    function _dominates(uint256[][] memory bids, uint256 one, uint256 other) private pure returns (bool) {
        for (uint256 i; i < bids.length; ++i) {
            if (bids[i][one] >= bids[i][other]) return false;
        }
        return true;
    }
}
