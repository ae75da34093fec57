// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Sent, SharedControl, Terms} from "../../src/SharedControl.sol";
import "../../src/Errors.sol";
import {Refuser} from "../invariants/Hostile.sol";
import {Mechanism, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";

/// @notice A party that takes its deposit out again while it is paid.
contract Thief {
    SharedControl private _control;
    uint256 private _ticks;

    function rob(SharedControl control, uint256 ticks) external {
        (_control, _ticks) = (control, ticks);
        control.withdraw(0, ticks);
    }

    receive() external payable {
        try _control.withdraw(0, _ticks) {} catch {}
    }
}

/// @notice Stages 1 and 6: what comes in and goes out.
contract MoneyTest is Rig {
    SharedControl private control;

    function setUp() external {
        control = _deploy(Mechanism.Hco, _terms(2));
        VM.deal(ANNA, 1e30);
    }

    /* DEPOSIT */

    function test_depositIsCountedInTicks() external {
        VM.prank(ANNA);
        control.deposit{value: 7 * TICK}(0);
        _same(control.freeDeposits()[0], 7, "free");
        _same(control.freeDeposits()[1], 0, "of the other");
        _same(address(control).balance, 7 * TICK, "wei");
    }

    function test_depositInPartsOfATickIsRefused() external {
        VM.expectRevert(abi.encodeWithSelector(DepositRefused.selector, 7 * TICK + 1, TICK));
        VM.prank(ANNA);
        control.deposit{value: 7 * TICK + 1}(0);
    }

    function test_depositAboveTheMostIsRefused() external {
        VM.prank(ANNA);
        control.deposit{value: 1e15 * TICK}(0);
        VM.expectRevert(abi.encodeWithSelector(DepositRefused.selector, 1e15 + 1, 1e15));
        VM.prank(ANNA);
        control.deposit{value: (1e15 + 1) * TICK}(0);
    }

    function test_depositOnAnothersSeatIsRefused() external {
        VM.expectRevert(abi.encodeWithSelector(NotAParty.selector, ANNA));
        VM.prank(ANNA);
        control.deposit{value: TICK}(1);
    }

    function test_etherWithoutADepositIsRefused() external {
        VM.prank(ANNA);
        (bool taken,) = address(control).call{value: TICK}("");
        _check(!taken, "taken");
    }

    /* WITHDRAWAL */

    function test_withdrawalPaysOut() external {
        _fund(control, 100);
        uint256 before = ANNA.balance;
        VM.prank(ANNA);
        control.withdraw(0, 60);
        _same(ANNA.balance - before, 60 * TICK, "wei");
        _same(control.freeDeposits()[0], 40, "free");
    }

    function test_withdrawalOfMoreThanIsFreeIsRefused() external {
        _fund(control, 100);
        _submit(control, 0, 0, _offers([uint256(30), 0, 0]));
        VM.expectRevert(abi.encodeWithSelector(BalanceTooSmall.selector, 0, 70, 71));
        VM.prank(ANNA);
        control.withdraw(0, 71);
    }

    function test_withdrawalFromAnothersSeatIsRefused() external {
        _fund(control, 100);
        VM.expectRevert(abi.encodeWithSelector(NotAParty.selector, STRANGER));
        VM.prank(STRANGER);
        control.withdraw(0, 1);
    }

    function test_reentrantWithdrawalTakesNothingTwice() external {
        Terms memory terms = _terms(2);
        Thief thief = new Thief();
        terms.parties[0] = address(thief);
        control = _deploy(Mechanism.Hco, terms);
        _fund(control, 100);
        thief.rob(control, 100);
        _same(address(thief).balance, 100 * TICK, "wei of the thief");
        _same(address(control).balance, 100 * TICK, "wei of the other");
    }

    function test_partyThatRefusesPaymentTrapsNobodyElse() external {
        Terms memory terms = _terms(2);
        terms.parties[0] = address(new Refuser());
        control = _deploy(Mechanism.Hco, terms);
        _fund(control, 100);
        VM.prank(terms.parties[0]);
        (bool paid,) = address(control).call(abi.encodeCall(control.withdraw, (0, 100)));
        _check(!paid, "a payment that is refused");
        _same(control.freeDeposits()[0], 100, "kept for it");
        VM.prank(BERT);
        control.withdraw(1, 100);
        _same(address(control).balance, 100 * TICK, "wei");
    }

    /// @dev With 64 bits of ticks and ticks of a wei, 18 ether would do.
    function test_fullAccountDoesNotBlockTheSettlementOfOthers() external {
        Terms memory terms = _terms(2);
        terms.tick = 1;
        control = _deploy(Mechanism.Hco, terms);
        _fund(control, 100);
        Sent[] memory sent = _two(_offers([uint256(0), 3, 0]), _offers([uint256(9), 0, 0]));
        for (uint256 seat; seat < 2; ++seat) _submit(control, seat, 0, sent[seat]);
        for (uint256 i; i < 18_446; ++i) {
            VM.prank(ANNA);
            control.deposit{value: 1e15}(0);
        }
        VM.prank(ANNA);
        control.deposit{value: 744073709551616 - 98}(0);
        bytes memory outcome = _decide(control, 0, _two(_open(sent[0]), _open(sent[1])));
        _report(control, 0, outcome);
        _same(control.freeDeposits()[1], 91, "of the other");
        _same(control.freeDeposits()[0], 18_446_744_073_709_551_616 + 2 + 9, "free");
    }
}
