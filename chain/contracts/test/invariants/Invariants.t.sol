// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HighestCombinedOffer} from "../../src/HighestCombinedOffer.sol";
import {Option, Terms} from "../../src/SharedControl.sol";
import {Mechanism, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";
import {Handler} from "./Handler.sol";

/// @title The invariants of RULES §4, whatever anybody does
/// @dev That each session settles once, that nobody is made to pay, that who calls and when changes
/// nothing, and that what the rules allow is accepted and nothing else, is checked by the handler
/// at each action. Here stands what must hold between actions, and at the end.
abstract contract Invariants is Rig {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    error HardlyReached(bytes4 action, uint256 times);

    Handler internal handler;

    function setUp() external {
        VM.warp(OPENING);
        handler = _handler();
    }

    function _handler() internal virtual returns (Handler);

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = _actions();
    }

    function _actions() internal view returns (bytes4[] memory actions) {
        Handler h = handler;
        // Named twice is done twice as often.
        bytes4[26] memory listed = [
            h.deposit.selector,
            h.bid.selector,
            h.bid.selector,
            h.bid.selector,
            h.bid.selector,
            h.copySeal.selector,
            h.reveal.selector,
            h.reveal.selector,
            h.reveal.selector,
            h.revealOther.selector,
            h.withdraw.selector,
            h.refuse.selector,
            h.open.selector,
            h.open.selector,
            h.decide.selector,
            h.decide.selector,
            h.decideOther.selector,
            h.report.selector,
            h.forge.selector,
            h.settle.selector,
            h.settleOther.selector,
            h.trespass.selector,
            h.force.selector,
            h.wait_.selector,
            h.waitForDeadline.selector,
            h.changeFee.selector
        ];
        actions = new bytes4[](27);
        for (uint256 i; i < 26; ++i) actions[i] = listed[i];
        actions[26] = h.finish.selector;
    }

    /// @notice Equal to all free deposits and locks, but for ether forced in.
    function invariant_contractHoldsWhatItOwes() external view {
        _same(address(handler.control()).balance, handler.owed() + handler.forced(), "wei held");
    }

    /// @notice No session is stuck past its deadlines, and everybody can leave with what it owns.
    function afterInvariant() external {
        handler.finish();
        handler.everybodyLeaves();
    }

    /// @notice A walk by dice gets through every stage, so that the invariants are not empty.
    function test_handlerReachesEveryStage() external {
        bytes4[] memory actions = _actions();
        for (uint256 step; step < 3000; ++step) {
            uint256 dice = uint256(keccak256(abi.encode(step)));
            bytes memory message = abi.encodePacked(
                actions[dice % 26], dice >> 8, dice >> 16, dice >> 24, dice >> 32, dice >> 40
            );
            if (actions[dice % 26] == handler.refuse.selector) handler.refuse(dice >> 8 & 1 == 0);
            else _do(message);
        }
        handler.finish();
        handler.everybodyLeaves();
        for (uint256 i; i < actions.length; ++i) {
            if (!_counts(actions[i])) continue;
            uint256 times = handler.accepted(actions[i]);
            if (times < (actions[i] == handler.finish.selector ? 1 : 5)) revert HardlyReached(actions[i], times);
        }
    }

    /// @dev Whether an action can be accepted in this market, and is counted.
    function _counts(bytes4 action) private view returns (bool) {
        Handler h = handler;
        if (action == h.open.selector) return h.feeCap() != 0;
        if (action == h.reveal.selector || action == h.copySeal.selector) return h.hiding();
        return action == h.deposit.selector || action == h.bid.selector || action == h.withdraw.selector
            || action == h.decide.selector || action == h.report.selector || action == h.settle.selector
            || action == h.finish.selector;
    }

    function _do(bytes memory message) private {
        (bool done, bytes memory reason) = address(handler).call(message);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }
}

contract SealedOffersTest is Invariants {
    function _handler() internal override returns (Handler) {
        Terms memory terms = _sealedTerms(3);
        return new Handler(Mechanism.Hco, HighestCombinedOffer.Payment.Difference, terms);
    }
}

/// @notice Day-ahead bids, read by everyone, where a base fee above the cap suspends the market.
contract OpenDaysTest is Invariants {
    function _handler() internal override returns (Handler) {
        Terms memory terms = _terms(3);
        (terms.horizon, terms.bond, terms.authority, terms.feeCap) = (3, 5, 2, 1000);
        return new Handler(Mechanism.Hco, HighestCombinedOffer.Payment.EqualSplit, terms);
    }
}

contract SealedLotteryTest is Invariants {
    function _handler() internal override returns (Handler) {
        Terms memory terms = _sealedTerms(4);
        (terms.horizon, terms.bond) = (2, 7);
        return new Handler(Mechanism.Random, HighestCombinedOffer.Payment.None, terms);
    }
}

/// @notice A tick of one wei: accounts as full as ether can make them.
contract OpenRanksTest is Invariants {
    function _handler() internal override returns (Handler) {
        Terms memory terms = _terms(2);
        (terms.tick, terms.bond, terms.options) = (1, 3, new Option[](5));
        return new Handler(Mechanism.Rps, HighestCombinedOffer.Payment.None, terms);
    }
}
