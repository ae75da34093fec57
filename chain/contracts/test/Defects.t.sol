// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Sent, SharedControl, Terms} from "../src/SharedControl.sol";
import {Mechanism, Rig} from "./Rig.sol";
import {VM} from "./Vm.sol";

/// @title What went wrong in the only public contract of this kind, github.com/we-wow/DLT (Ji et al. 2021)
/// @notice There, four parties bid for thirteen set-points, and each calls `settle` for itself: in the
/// order 3, 2, 1, 0 all are settled, in the order 0, 1, 2, 3 only party 0, and then the recorded
/// deposits are 4,000,068 or 4,000,160 against a balance of 4,000,000. A stranger's `reset` strands
/// everything. A round takes 19 million gas.
contract DefectsTest is Rig {
    uint256 private constant SEATS = 4;
    uint256 private constant DEPOSIT = 1_000_000;
    uint256 private constant ORDERS = 24;

    SharedControl private control;

    function _agreed() private pure returns (Terms memory terms) {
        terms = _terms(SEATS);
        terms.bond = 40;
    }

    function _bidOf(uint256 seat) private pure returns (Sent memory) {
        return _open(_offers([seat * 7 % 5, 11 - seat, seat + 1]));
    }

    /// @dev Everything by the callers in an order: bids, the call to decide, that to settle, payment.
    function _play(uint256[SEATS] memory order) private returns (bytes memory found) {
        control = _deploy(Mechanism.Hco, _agreed());
        _fund(control, DEPOSIT);
        Sent[] memory sent = new Sent[](SEATS);
        for (uint256 i; i < SEATS; ++i) {
            sent[order[i]] = _bidOf(order[i]);
            _submit(control, order[i], 0, sent[order[i]]);
        }
        bool decided;
        for (uint256 i; i < SEATS; ++i) {
            VM.recordLogs();
            address caller = control.partyAt(order[i]);
            VM.prank(caller);
            try control.decide(0, sent) {
                _check(!decided, "decided twice");
                (decided, found) = (true, _decided(control));
            } catch {}
        }
        VM.warp(control.meterDeadline(0));
        bool settled;
        for (uint256 i; i < SEATS; ++i) {
            address caller = control.partyAt(order[i]);
            VM.prank(caller);
            try control.settle(0, found) {
                _check(!settled, "settled twice");
                settled = true;
            } catch {}
        }
        _check(decided && settled, "not settled");
    }

    function _order(uint256 number) private pure returns (uint256[SEATS] memory order) {
        order = [uint256(0), 1, 2, 3];
        for (uint256 left = SEATS; left > 1; --left) {
            uint256 other = number % left;
            number /= left;
            (order[left - 1], order[other]) = (order[other], order[left - 1]);
        }
    }

    function test_defect1_callersOrderChangesNothing() external {
        bytes memory first = _play(_order(0));
        uint96[] memory free = control.freeDeposits();
        for (uint256 number = 1; number < ORDERS; ++number) {
            _check(keccak256(_play(_order(number))) == keccak256(first), "another outcome");
            for (uint256 seat; seat < SEATS; ++seat) {
                _same(control.freeDeposits()[seat], free[seat], "another balance");
            }
        }
    }

    function test_defect2_depositsAreCoveredByTheBalanceAndCanAllBePaid() external {
        for (uint256 number; number < ORDERS; ++number) {
            _play(_order(number));
            uint256 owed;
            for (uint256 seat; seat < SEATS; ++seat) owed += control.freeDeposits()[seat];
            _same(owed, SEATS * DEPOSIT, "recorded deposits");
            _same(address(control).balance, owed * TICK, "balance");
            for (uint256 seat; seat < SEATS; ++seat) {
                (address party, uint256 free) = (control.partyAt(seat), control.freeDeposits()[seat]);
                VM.prank(party);
                control.withdraw(seat, free);
            }
            _same(address(control).balance, 0, "left");
        }
    }

    function test_defect3_strangerCanNeitherResetNorStrandDeposits() external {
        control = _deploy(Mechanism.Hco, _agreed());
        _fund(control, DEPOSIT);
        Sent[] memory sent = new Sent[](SEATS);
        for (uint256 seat; seat < SEATS; ++seat) _submit(control, seat, 0, sent[seat] = _bidOf(seat));
        bytes[8] memory calls = [
            abi.encodeWithSignature("reset()"),
            abi.encodeWithSignature("destroy()"),
            abi.encodeWithSignature("transferOwnership(address)", STRANGER),
            abi.encodeCall(control.withdraw, (0, 1)),
            abi.encodeCall(control.withdraw, (SEATS, 0)),
            abi.encodeCall(control.submit, (0, 1, sent[0].covered, sent[0].bids)),
            abi.encodeCall(control.deposit, (0)),
            abi.encodeCall(control.settle, (0, ""))
        ];
        uint96[] memory before = control.freeDeposits();
        for (uint256 i; i < calls.length; ++i) {
            VM.prank(STRANGER);
            (bool done,) = address(control).call(calls[i]);
            _check(!done, "a stranger got through");
        }
        for (uint256 seat; seat < SEATS; ++seat) {
            _same(control.freeDeposits()[seat], before[seat], "changed by a stranger");
        }
        control.decide(0, sent);
    }

    function test_defect4_nobodyIsLockedOutAndARoundIsCheap() external {
        for (uint256 number; number < ORDERS; ++number) {
            bytes memory found = _play(_order(number));
            for (uint256 seat; seat < SEATS; ++seat) {
                int256 payment = _unpack(found, 0, SEATS).payments[seat];
                int256 wanted = int256(DEPOSIT) - payment;
                _same(int256(uint256(control.freeDeposits()[seat])), wanted, "a party was left unsettled");
            }
        }
        control = _deploy(Mechanism.Hco, _agreed());
        _fund(control, DEPOSIT);
        Sent[] memory sent = new Sent[](SEATS);
        for (uint256 seat; seat < SEATS; ++seat) sent[seat] = _bidOf(seat);
        uint256 gas = gasleft();
        for (uint256 seat; seat < SEATS; ++seat) _submit(control, seat, 0, sent[seat]);
        bytes memory found_ = _decide(control, 0, sent);
        _report(control, 0, found_);
        _check(gas - gasleft() < 1_000_000, "a round takes more than a twentieth of theirs");
    }
}
