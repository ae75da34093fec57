// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SharedControl, Terms} from "./SharedControl.sol";
import "./Errors.sol";

/// @title Ranked preference selection
/// @notice Chooses the option with the lowest sum of ranks; nobody pays.
/// @dev Twin of `market/mechanisms/rps.py`. A bid is one byte of rank for each option, 1 the best.
contract RankedPreferenceSelection is SharedControl {
    constructor(Terms memory terms) SharedControl(terms) {}

    /// @inheritdoc SharedControl
    function _read(uint256 seat, bytes calldata bid) internal view override returns (uint256[] memory ranks) {
        require(bid.length == OPTIONS, BidMalformed(seat, bid.length, OPTIONS));
        ranks = new uint256[](OPTIONS);
        uint256 seen;
        for (uint256 option; option < OPTIONS; ++option) {
            uint256 rank = uint8(bid[option]);
            bool fresh = rank != 0 && rank <= OPTIONS && seen & (1 << rank) == 0;
            require(fresh, RanksMalformed(seat, option, rank));
            seen |= 1 << rank;
            ranks[option] = rank;
        }
    }

    /// @inheritdoc SharedControl
    /// @dev Ranks are not money.
    function _highestOffer(uint256[] memory) internal pure override returns (uint256) {
        return 0;
    }

    /// @inheritdoc SharedControl
    function _better(uint256 one, uint256 other) internal pure override returns (bool) {
        return one < other;
    }

    /// @inheritdoc SharedControl
    /// @dev The lowest sum is never dominated, so no Pareto filter is needed: linear in options and parties.
    function _candidates(uint256[][] memory bids) internal view virtual override returns (uint256 candidates) {
        uint256 lowest = type(uint256).max;
        for (uint256 option; option < OPTIONS; ++option) {
            uint256 summed;
            for (uint256 i; i < bids.length; ++i) summed += bids[i][option];
            if (summed < lowest) (lowest, candidates) = (summed, 0);
            if (summed == lowest) candidates |= 1 << option;
        }
    }

    /// @inheritdoc SharedControl
    function _charge(uint256[] memory offers) internal pure override returns (int256[] memory) {
        return new int256[](offers.length);
    }

    /// @inheritdoc SharedControl
    function _setPoint(uint256[] memory, uint256[][] memory, bytes[] calldata, uint256 option)
        internal
        view
        override
        returns (int256)
    {
        return _middle(option);
    }
}
