// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ParetoPreferenceSelection} from "./ParetoPreferenceSelection.sol";
import {SharedControl, Table, Terms} from "./SharedControl.sol";
import {Tally} from "./Tally.sol";
import "./Errors.sol";

/// @title Ranked preference selection by lot among all undominated options
/// @notice Draws with the salts of the sealed bids; authority is neither used nor moved.
/// @dev Twin of `market/mechanisms/rps_random.py`. Who reveals last knows all salts, and can choose
/// between the outcome with its salt and the one without it, at the price of its bond.
contract RandomPreferenceSelection is ParetoPreferenceSelection {
    constructor(Terms memory terms) ParetoPreferenceSelection(terms) {
        require(terms.revealing != 0, TermsRefused("revealing"));
    }

    /// @inheritdoc SharedControl
    function _breakTie(Table memory table, uint256 window, uint256 candidates, uint256)
        internal
        pure
        override
        returns (uint256 option, bool used)
    {
        bytes32[] memory salts = new bytes32[](table.rows.length);
        uint256 seat;
        for (uint256 i; i < salts.length; (++i, ++seat)) {
            while (table.present >> seat & 1 == 0) ++seat;
            salts[i] = table.bidders[seat].salt;
        }
        uint256 drawn = uint256(sha256(abi.encode(window, salts))) % Tally.count(candidates);
        for (; drawn != 0; --drawn) candidates &= candidates - 1;
        while (candidates >> option & 1 == 0) ++option;
        return (option, false);
    }
}
