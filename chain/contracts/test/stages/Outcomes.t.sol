// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Sent, SharedControl, Terms} from "../../src/SharedControl.sol";
import "../../src/Errors.sol";
import {Mechanism, Record, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";

/// @notice Stages 3 to 5: decision, instruction and settlement.
contract OutcomesTest is Rig {
    SharedControl private control;
    Sent private anna = _offers([uint256(10), 4, 0]);
    Sent private bert = _offers([uint256(0), 7, 8]);

    function setUp() external {
        control = _deploy(Mechanism.Hco, _sealedTerms(2));
        _fund(control, 100);
    }

    function _bothReveal() private returns (Sent[] memory sent) {
        sent = _two(anna, bert);
        for (uint256 seat; seat < 2; ++seat) _commit(control, seat, 0, sent[seat]);
        for (uint256 seat; seat < 2; ++seat) control.reveal(seat, 0, sent[seat]);
    }

    function _balances(uint256 ofAnna, uint256 ofBert) private view {
        _same(control.freeDeposits()[0], ofAnna, "free of Anna");
        _same(control.freeDeposits()[1], ofBert, "free of Bert");
    }

    /* DECISION */

    function test_decisionNeedsNoClockOnceAllIsRevealed() external {
        Record memory found = _unpack(_decide(control, 0, _bothReveal()), 0, 2);
        _same(found.option, 1, "option");
        _same(found.candidates, 2, "candidates");
        _same(found.participants, 3, "participants");
        _same(found.payments[0], -3, "payment of Anna");
        _same(found.payments[1], 3, "payment of Bert");
        _same(found.dues[0], 10 + 10 + 3, "due of Anna");
        _same(found.dues[1], 8 + 10 - 3, "due of Bert");
        _same(control.nextSession(), 1, "next session");
    }

    function test_decisionWaitsForBids() external {
        bytes memory early = abi.encodeWithSelector(WindowNotReady.selector, 0);
        VM.warp(OPENING + PERIOD - 1);
        VM.expectRevert(early);
        control.decide(0, _two(_nobody(), _nobody()));
        VM.warp(OPENING + PERIOD);
        control.decide(0, _two(_nobody(), _nobody()));
    }

    function test_decisionWaitsForReveals() external {
        bytes32 seal = _commit(control, 0, 0, anna);
        VM.warp(OPENING + PERIOD + REVEALING - 1);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        control.decide(0, _two(_hidden(anna, seal), _nobody()));
        VM.warp(OPENING + PERIOD + REVEALING);
        control.decide(0, _two(_hidden(anna, seal), _nobody()));
    }

    function test_decisionsComeInOrder() external {
        VM.warp(OPENING + 5 * PERIOD);
        VM.expectRevert(abi.encodeWithSelector(WindowOutOfOrder.selector, 1, 0));
        control.decide(1, _two(_nobody(), _nobody()));
        control.decide(0, _two(_nobody(), _nobody()));
        VM.expectRevert(abi.encodeWithSelector(WindowOutOfOrder.selector, 0, 1));
        control.decide(0, _two(_nobody(), _nobody()));
    }

    function _mismatched(uint256 seat, Sent[] memory sent) private {
        VM.expectRevert(abi.encodeWithSelector(BidMismatch.selector, 0, seat));
        control.decide(0, sent);
    }

    function test_decisionOnAnythingElseIsRefused() external {
        Sent[] memory sent = _bothReveal();
        bytes32 seal = control.sealOf(1, 0, 1, bert.bids, bert.salt);
        _mismatched(1, new Sent[](1));
        _mismatched(3, new Sent[](3));
        _mismatched(0, _two(bert, anna));
        _mismatched(1, _two(anna, _nobody()));
        _mismatched(1, _two(anna, _hidden(bert, seal)));
        sent[1].salt = bytes32(uint256(1));
        _mismatched(1, sent);
    }

    function test_bidInventedForASilentPartyIsRefused() external {
        _commit(control, 0, 0, anna);
        VM.warp(OPENING + PERIOD);
        control.reveal(0, 0, anna);
        _mismatched(1, _two(anna, bert));
    }

    function test_decisionWaitsForTheSettlementThatHoldsItsPlace() external {
        Sent[] memory none = _two(_nobody(), _nobody());
        VM.warp(control.bidsClose(8));
        bytes memory first = _decide(control, 0, none);
        for (uint256 session = 1; session < 8; ++session) control.decide(session, none);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 8));
        control.decide(8, none);
        control.settle(0, first);
        control.decide(8, none);
    }

    function test_controlRevertsToALoneParticipant() external {
        bytes32 seal = _commit(control, 1, 0, bert);
        _commit(control, 0, 0, anna);
        control.reveal(0, 0, anna);
        VM.warp(OPENING + PERIOD + REVEALING);
        bytes memory outcome = _decide(control, 0, _two(anna, _hidden(bert, seal)));
        Record memory found = _unpack(outcome, 0, 2);
        _same(found.option, 0, "option");
        _same(found.setPoint, -5000, "set-point");
        _same(found.payments[0], 0, "payment");
        _same(found.participants, 1, "participants");
        _report(control, 0, outcome);
        _balances(110, 90);
    }

    function test_revealAboveItsCapCountsAsNone() external {
        bert.caps = abi.encodePacked(uint32(7));
        bytes memory outcome = _decide(control, 0, _bothReveal());
        _same(_unpack(outcome, 0, 2).participants, 1, "participants");
        _report(control, 0, outcome);
        _balances(110, 90);
    }

    /// @dev Of two windows, in the first of which Anna ranks two options first.
    function test_malformedWindowCountsAsUnrevealedAlone() external {
        Terms memory terms = _sealedTerms(2);
        terms.horizon = 2;
        control = _deploy(Mechanism.Rps, terms);
        _fund(control, 100);
        bytes memory free = abi.encodePacked(uint64(0));
        anna = Sent(3, free, abi.encodePacked(uint8(1), uint8(1), uint8(3), uint8(1), uint8(2), uint8(3)), 0);
        bert = Sent(3, free, abi.encodePacked(uint8(3), uint8(2), uint8(1), uint8(3), uint8(2), uint8(1)), 0);
        bytes memory outcome = _decide(control, 0, _bothReveal());
        _same(_unpack(outcome, 0, 2).participants, 2, "of the first window");
        _same(_unpack(outcome, 1, 2).participants, 3, "of the second");
        _report(control, 0, outcome);
        _balances(90, 110);
    }

    function test_bondsOfTheSilentAreSharedByTheOthersOddTicksFirst() external {
        Terms memory terms = _sealedTerms(4);
        terms.bond = 11;
        control = _deploy(Mechanism.Hco, terms);
        _fund(control, 100);
        Sent[] memory sent = new Sent[](4);
        for (uint256 seat; seat < 4; ++seat) sent[seat] = _offers([uint256(0), 1, 0]);
        bytes32 seal;
        for (uint256 seat = 4; seat > 0; --seat) seal = _commit(control, seat - 1, 0, sent[seat - 1]);
        for (uint256 seat = 1; seat < 4; ++seat) control.reveal(seat, 0, sent[seat]);
        sent[0] = _hidden(sent[0], seal);
        VM.warp(OPENING + PERIOD + REVEALING);
        _report(control, 0, _decide(control, 0, sent));
        _balances(89, 104);
        _same(control.freeDeposits()[2], 104, "free of Cara");
        _same(control.freeDeposits()[3], 103, "free of the last");
    }

    function test_whereAllAreSilentTheSeatsShareBonds() external {
        bytes32[2] memory seals = [_commit(control, 0, 0, anna), _commit(control, 1, 0, bert)];
        VM.warp(OPENING + PERIOD + REVEALING);
        bytes memory outcome =
            _decide(control, 0, _two(_hidden(anna, seals[0]), _hidden(bert, seals[1])));
        _same(_unpack(outcome, 0, 2).option, 1, "default");
        _report(control, 0, outcome);
        _balances(100, 100);
    }

    function test_lotteryIsDrawnByTheSaltsOfTheParticipants() external {
        control = _deploy(Mechanism.Random, _sealedTerms(2));
        _fund(control, 100);
        (anna, bert) = (_ranks([uint256(1), 2, 3]), _ranks([uint256(3), 2, 1]));
        bool[3] memory drawn;
        for (uint256 session; session < 8; ++session) {
            Sent[] memory sent = _two(anna, bert);
            for (uint256 seat; seat < 2; ++seat) {
                sent[seat].salt = keccak256(abi.encode(session, seat));
                _commit(control, seat, session, sent[seat]);
            }
            for (uint256 seat; seat < 2; ++seat) control.reveal(seat, session, sent[seat]);
            bytes memory outcome = _decide(control, session, sent);
            bytes32[] memory salts = new bytes32[](2);
            (salts[0], salts[1]) = (sent[0].salt, sent[1].salt);
            uint256 wanted = uint256(sha256(abi.encode(session, salts))) % 3;
            _same(_unpack(outcome, 0, 2).option, wanted, "option");
            drawn[wanted] = true;
            _report(control, session, outcome);
        }
        _same(control.authority(), 0, "authority is not used");
        _check(drawn[0] && drawn[1] && drawn[2], "an option is never drawn");
    }

    /* SETTLEMENT */

    function test_reportFreesLocksAndPays() external {
        _report(control, 0, _decide(control, 0, _bothReveal()));
        _balances(103, 97);
    }

    function test_blockerLosesItsBondAndPaysNonetheless() external {
        uint256[] memory blocked = new uint256[](1);
        blocked[0] = 2;
        _report(control, 0, _decide(control, 0, _bothReveal()), blocked);
        _balances(113, 87);
    }

    function test_whoTakesNoPartCannotBlock() external {
        _commit(control, 0, 0, anna);
        VM.warp(OPENING + PERIOD);
        control.reveal(0, 0, anna);
        uint256[] memory blocked = new uint256[](1);
        blocked[0] = type(uint256).max - 1;
        _report(control, 0, _decide(control, 0, _two(anna, _nobody())), blocked);
        _balances(100, 100);
    }

    function test_whoLostItsBondByItsSilenceDoesNotLoseItAgain() external {
        bytes32 seal = _commit(control, 1, 0, bert);
        _commit(control, 0, 0, anna);
        control.reveal(0, 0, anna);
        VM.warp(OPENING + PERIOD + REVEALING);
        uint256[] memory blocked = new uint256[](1);
        blocked[0] = 2;
        _report(control, 0, _decide(control, 0, _two(anna, _hidden(bert, seal))), blocked);
        _balances(110, 90);
    }

    function test_withoutAReportItIsSettledAsInstructed() external {
        bytes memory outcome = _decide(control, 0, _bothReveal());
        VM.warp(OPENING + 3 * PERIOD + REVEALING - 1);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        control.settle(0, outcome);
        VM.warp(OPENING + 3 * PERIOD + REVEALING);
        VM.prank(STRANGER);
        control.settle(0, outcome);
        _balances(103, 97);
    }

    function test_sessionIsSettledOnce() external {
        bytes memory outcome = _decide(control, 0, _bothReveal());
        _report(control, 0, outcome);
        VM.warp(OPENING + 9 * PERIOD);
        VM.expectRevert(abi.encodeWithSelector(WindowSettled.selector, 0));
        control.settle(0, outcome);
        uint256[] memory none = new uint256[](1);
        bytes memory signature = _signed(control, 0, new int32[](1), none);
        VM.expectRevert(abi.encodeWithSelector(WindowSettled.selector, 0));
        control.report(0, outcome, new int32[](1), none, signature);
        _balances(103, 97);
    }

    function test_undecidedSessionIsNotSettled() external {
        VM.warp(OPENING + 9 * PERIOD);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        control.settle(0, "");
    }

    function test_settlementByAnotherOutcomeIsRefused() external {
        bytes memory outcome = _decide(control, 0, _bothReveal());
        outcome[outcome.length - 1] = bytes1(uint8(outcome[outcome.length - 1]) + 1);
        uint256[] memory none = new uint256[](1);
        bytes memory signature = _signed(control, 0, new int32[](1), none);
        VM.expectRevert(abi.encodeWithSelector(OutcomeMismatch.selector, 0));
        control.report(0, outcome, new int32[](1), none, signature);
    }

    function test_reportOfAnotherLengthIsRefused() external {
        bytes memory outcome = _decide(control, 0, _bothReveal());
        VM.expectRevert(abi.encodeWithSelector(OutcomeMismatch.selector, 0));
        control.report(0, outcome, new int32[](2), new uint256[](2), "");
    }

    function _forged(bytes32 digest, bytes memory outcome, uint256 key) private {
        bytes memory signature = _signedBy(key, digest);
        uint256[] memory none = new uint256[](1);
        bytes memory call = abi.encodeCall(control.report, (0, outcome, new int32[](1), none, signature));
        (bool believed, bytes memory reason) = address(control).call(call);
        _check(!believed && bytes4(reason) == NotTheMeter.selector, "a forger was believed");
    }

    function test_reportThatTheMeterDidNotSignIsRefused() external {
        bytes memory outcome = _decide(control, 0, _bothReveal());
        SharedControl other = _deploy(Mechanism.Hco, _sealedTerms(2));
        (int32[] memory flows, uint256[] memory none) = (new int32[](1), new uint256[](1));
        uint256 chain = block.chainid;
        _forged(_digest(control, chain, 0, flows, none), outcome, METER_KEY + 1);
        _forged(_digest(control, chain, 1, flows, none), outcome, METER_KEY);
        _forged(_digest(control, chain + 1, 0, flows, none), outcome, METER_KEY);
        _forged(_digest(other, chain, 0, flows, none), outcome, METER_KEY);
        flows[0] = 1;
        _forged(_digest(control, chain, 0, flows, none), outcome, METER_KEY);
        (flows[0], none[0]) = (0, 1);
        _forged(_digest(control, chain, 0, flows, none), outcome, METER_KEY);
    }
}
