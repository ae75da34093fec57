// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Sent, SharedControl, Terms} from "../../src/SharedControl.sol";
import "../../src/Errors.sol";
import {Mechanism, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";

/// @notice Stage 2: open bids, seals and their revelation, and the fee at the opening.
contract BidsTest is Rig {
    SharedControl private open;
    SharedControl private closed;

    function setUp() external {
        open = _deploy(Mechanism.Hco, _terms(2));
        closed = _deploy(Mechanism.Hco, _sealedTerms(2));
        _fund(open, 100);
        _fund(closed, 100);
    }

    function _bid() private pure returns (Sent memory) {
        return _offers([uint256(3), 9, 0]);
    }

    function _refused(bytes memory reason, SharedControl control, uint256 seat, uint256 session, Sent memory sent)
        private
    {
        bool hides = control.REVEALING() != 0;
        address party = control.partyAt(seat);
        VM.expectRevert(reason);
        VM.prank(party);
        if (hides) control.commit(seat, session, sent.covered, sent.caps, bytes32(0));
        else control.submit(seat, session, sent.covered, sent.bids);
    }

    /* OPEN BIDS */

    function test_openBidLocksItsHighestOfferAndTheBond() external {
        Terms memory terms = _terms(2);
        terms.bond = 20;
        open = _deploy(Mechanism.Hco, terms);
        _fund(open, 100);
        _submit(open, 0, 0, _bid());
        _same(open.freeDeposits()[0], 71, "free");
    }

    function test_ranksLockTheBondAlone() external {
        Terms memory terms = _terms(2);
        terms.bond = 20;
        open = _deploy(Mechanism.Rps, terms);
        _fund(open, 100);
        _submit(open, 0, 0, _ranks([uint256(2), 1, 3]));
        _same(open.freeDeposits()[0], 80, "free");
    }

    function test_bidThatIsNotCoveredIsRefused() external {
        bytes memory reason = abi.encodeWithSelector(DepositTooSmall.selector, 0, 100, 101);
        _refused(reason, open, 0, 0, _offers([uint256(0), 0, 101]));
        _submit(open, 0, 0, _offers([uint256(0), 0, 100]));
        _same(open.freeDeposits()[0], 0, "free");
    }

    function test_secondBidForASessionIsRefused() external {
        _submit(open, 0, 0, _bid());
        _refused(abi.encodeWithSelector(AlreadyBid.selector, 0, 0), open, 0, 0, _bid());
        _submit(open, 0, 1, _bid());
    }

    function test_bidByAStrangerIsRefused() external {
        Sent memory sent = _bid();
        VM.expectRevert(abi.encodeWithSelector(NotAParty.selector, STRANGER));
        VM.prank(STRANGER);
        open.submit(0, 0, sent.covered, sent.bids);
    }

    function test_bidAfterTheCloseIsRefused() external {
        VM.warp(OPENING + PERIOD);
        _refused(abi.encodeWithSelector(WindowClosed.selector, 0), open, 0, 0, _bid());
        VM.warp(OPENING + PERIOD - 1);
        _submit(open, 0, 0, _bid());
    }

    function test_bidForADecidedSessionIsRefused() external {
        Sent memory sent = _bid();
        for (uint256 seat; seat < 2; ++seat) _submit(open, seat, 0, sent);
        open.decide(0, _two(_open(sent), _open(sent)));
        _refused(abi.encodeWithSelector(WindowClosed.selector, 0), open, 0, 0, sent);
    }

    function test_bidBeyondTheRingIsRefused() external {
        _refused(abi.encodeWithSelector(WindowClosed.selector, 8), open, 0, 8, _bid());
        _submit(open, 0, 7, _bid());
    }

    function test_bidForNothingOrForMoreThanTheHorizonIsRefused() external {
        Sent memory sent = _bid();
        sent.covered = 0;
        _refused(abi.encodeWithSelector(BidUnreadable.selector, 0, 1), open, 0, 0, sent);
        sent.covered = 2;
        _refused(abi.encodeWithSelector(BidUnreadable.selector, 0, 1), open, 0, 0, sent);
    }

    function test_offersOfAnotherLengthAreRefused() external {
        bytes memory reason = abi.encodeWithSelector(BidUnreadable.selector, 1, 0);
        Sent memory sent = _bid();
        bytes memory bids = sent.bids;
        sent.bids = abi.encodePacked(bids, uint8(0));
        _refused(reason, open, 1, 0, sent);
        sent.bids = "";
        _refused(reason, open, 1, 0, sent);
        sent.bids = abi.encodePacked(uint8(3), new bytes(9));
        _refused(reason, open, 1, 0, sent);
        sent.bids = abi.encodePacked(uint8(4), uint32(70), uint32(0), uint32(1));
        _submit(open, 1, 0, sent);
        _same(open.freeDeposits()[1], 30, "free");
    }

    function test_pointOutsideItsOptionIsRefused() external {
        Sent memory sent = _bid();
        bytes memory offers = abi.encodePacked(uint8(0x82), uint16(3), uint16(9), uint16(0));
        bytes memory reason = abi.encodeWithSelector(BidUnreadable.selector, 0, 0);
        sent.bids = abi.encodePacked(offers, int32(-7501), int32(0), int32(2500));
        _refused(reason, open, 0, 0, sent);
        sent.bids = abi.encodePacked(offers, int32(-7500), int32(0), int32(7501));
        _refused(reason, open, 0, 0, sent);
        sent.bids = abi.encodePacked(offers, int32(-7500), int32(0), int32(7500));
        _submit(open, 0, 0, sent);
    }

    function test_ranksThatAreNoPermutationAreRefused() external {
        open = _deploy(Mechanism.Rps, _terms(2));
        bytes memory reason = abi.encodeWithSelector(BidUnreadable.selector, 0, 0);
        _refused(reason, open, 0, 0, _ranks([uint256(1), 1, 3]));
        _refused(reason, open, 0, 0, _ranks([uint256(0), 1, 2]));
        _refused(reason, open, 0, 0, _ranks([uint256(2), 3, 4]));
        _refused(reason, open, 0, 0, _ranks([uint256(1), 2, 255]));
        _submit(open, 0, 0, _ranks([uint256(3), 1, 2]));
    }

    function test_openBidInASealedMarketIsRefused() external {
        Sent memory sent = _bid();
        VM.expectRevert(abi.encodeWithSelector(WrongSealing.selector));
        VM.prank(ANNA);
        closed.submit(0, 0, sent.covered, sent.bids);
    }

    /* SEALS */

    function test_commitmentLocksItsCapAndTheBond() external {
        Sent memory sent = _bid();
        sent.caps = abi.encodePacked(uint32(50));
        _commit(closed, 0, 0, sent);
        _same(closed.freeDeposits()[0], 40, "free");
    }

    function test_commitmentThatIsNotCoveredIsRefused() external {
        Sent memory sent = _bid();
        sent.caps = abi.encodePacked(uint32(91));
        _refused(abi.encodeWithSelector(DepositTooSmall.selector, 0, 100, 101), closed, 0, 0, sent);
    }

    function test_dayThatIsNotCoveredIsRefusedWhole() external {
        Terms memory terms = _sealedTerms(2);
        terms.horizon = 2;
        closed = _deploy(Mechanism.Hco, terms);
        _fund(closed, 100);
        Sent memory day = Sent(3, abi.encodePacked(uint32(50), uint32(31)), "", 0);
        _refused(abi.encodeWithSelector(DepositTooSmall.selector, 0, 100, 101), closed, 0, 0, day);
        _same(closed.freeDeposits()[0], 100, "free");
    }

    function test_commitmentWithoutACapForEachWindowIsRefused() external {
        Sent memory sent = _bid();
        sent.caps = abi.encodePacked(sent.caps, uint32(0));
        _refused(abi.encodeWithSelector(BidUnreadable.selector, 0, 0), closed, 0, 0, sent);
    }

    function test_commitmentInAnOpenMarketIsRefused() external {
        Sent memory sent = _bid();
        VM.expectRevert(abi.encodeWithSelector(WrongSealing.selector));
        VM.prank(ANNA);
        open.commit(0, 0, sent.covered, sent.caps, bytes32(0));
    }

    function test_secondCommitmentIsRefused() external {
        _commit(closed, 0, 0, _bid());
        _refused(abi.encodeWithSelector(AlreadyBid.selector, 0, 0), closed, 0, 0, _bid());
    }

    /// @dev A seal is worth nothing to another party, in another session, contract or chain.
    function test_sealBindsPartySessionContractChainCoverageBidAndSalt() external {
        Sent memory sent = _bid();
        SharedControl other = _deploy(Mechanism.Hco, _sealedTerms(2));
        bytes32[8] memory seals = [
            closed.sealOf(0, 0, 1, sent.bids, sent.salt),
            closed.sealOf(1, 0, 1, sent.bids, sent.salt),
            closed.sealOf(0, 1, 1, sent.bids, sent.salt),
            closed.sealOf(0, 0, 2, sent.bids, sent.salt),
            closed.sealOf(0, 0, 1, "", sent.salt),
            closed.sealOf(0, 0, 1, sent.bids, 0),
            other.sealOf(0, 0, 1, sent.bids, sent.salt),
            bytes32(0)
        ];
        VM.chainId(block.chainid + 1);
        seals[7] = closed.sealOf(0, 0, 1, sent.bids, sent.salt);
        for (uint256 i; i < 8; ++i) {
            for (uint256 j; j < i; ++j) _check(seals[i] != seals[j], "two seals are the same");
        }
    }

    /* REVEALS */

    function test_revealWaitsForTheCloseOfBids() external {
        Sent memory sent = _bid();
        _commit(closed, 0, 0, sent);
        VM.warp(OPENING + PERIOD - 1);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        closed.reveal(0, 0, sent);
        VM.warp(OPENING + PERIOD);
        closed.reveal(0, 0, sent);
    }

    function test_revealNeedNotWaitWhenEverybodyBid() external {
        Sent memory sent = _bid();
        for (uint256 seat; seat < 2; ++seat) _commit(closed, seat, 0, sent);
        closed.reveal(0, 0, sent);
    }

    function test_lateRevealIsRefused() external {
        Sent memory sent = _bid();
        _commit(closed, 0, 0, sent);
        VM.warp(OPENING + PERIOD + REVEALING);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        closed.reveal(0, 0, sent);
        VM.warp(OPENING + PERIOD + REVEALING - 1);
        closed.reveal(0, 0, sent);
    }

    function _mismatched(uint256 seat, uint256 session, Sent memory sent) private {
        VM.expectRevert(abi.encodeWithSelector(BidMismatch.selector, session, seat));
        closed.reveal(seat, session, sent);
    }

    function test_revealOfAnythingElseIsRefused() external {
        Sent memory sent = _bid();
        _commit(closed, 0, 0, sent);
        VM.warp(OPENING + PERIOD);
        _mismatched(0, 0, _offers([uint256(3), 8, 0]));
        _mismatched(1, 0, sent);
        _mismatched(0, 0, _nobody());
        _mismatched(0, 0, Sent(sent.covered, sent.caps, sent.bids, 0));
        _mismatched(0, 0, Sent(sent.covered, abi.encodePacked(uint32(99)), sent.bids, sent.salt));
        closed.reveal(0, 0, sent);
        _mismatched(0, 0, sent);
    }

    function test_sealCopiedFromAnotherPartyOpensForNobody() external {
        Sent memory sent = _bid();
        bytes32 seal = _commit(closed, 0, 0, sent);
        VM.prank(BERT);
        closed.commit(1, 0, sent.covered, sent.caps, seal);
        _mismatched(1, 0, sent);
        closed.reveal(0, 0, sent);
        _mismatched(1, 0, sent);
    }

    function test_sealOfAnEarlierSessionInTheSamePlaceOpensNothing() external {
        Sent memory sent = _bid();
        _commit(closed, 0, 0, sent);
        VM.warp(closed.meterDeadline(0));
        Sent[] memory none = _two(_nobody(), _nobody());
        bytes32 seal = closed.sealOf(0, 0, 1, sent.bids, sent.salt);
        closed.settle(0, _decide(closed, 0, _two(_hidden(sent, seal), _nobody())));
        for (uint256 session = 1; session < 8; ++session) {
            VM.warp(closed.revealsClose(session));
            closed.decide(session, none);
        }
        VM.warp(closed.bidsClose(8));
        _mismatched(0, 8, sent);
    }

    /// @dev A reveal that fills a block could never be presented to the decision, which has to carry
    /// the other bids too: the session, and all after it, would be stuck.
    function test_revealOfAnotherLengthThanItsWindowsIsRefused() external {
        Sent memory sent = _bid();
        sent.bids = abi.encodePacked(sent.bids, new bytes(100_000));
        bytes32 seal = _commit(closed, 0, 0, sent);
        VM.warp(OPENING + PERIOD);
        VM.expectRevert(abi.encodeWithSelector(BidUnreadable.selector, 0, 0));
        closed.reveal(0, 0, sent);

        VM.warp(OPENING + PERIOD + REVEALING);
        bytes memory outcome = _decide(closed, 0, _two(_hidden(sent, seal), _nobody()));
        _same(_unpack(outcome, 0, 2).dues[1], 10, "the bond goes to the other");
    }

    /* FEE */

    function _capped() private returns (SharedControl control) {
        Terms memory terms = _terms(2);
        terms.feeCap = 50;
        control = _deploy(Mechanism.Hco, terms);
        _fund(control, 100);
    }

    function test_bidBeforeTheOpeningIsRefusedWhereThereIsACap() external {
        open = _capped();
        _refused(abi.encodeWithSelector(WindowNotReady.selector, 0), open, 0, 0, _bid());
    }

    function test_feeAtTheCapIsCheap() external {
        open = _capped();
        VM.fee(50);
        open.open(0);
        VM.fee(51);
        _submit(open, 0, 0, _bid());
    }

    function test_bidsAreRefusedInADearSession() external {
        open = _capped();
        VM.fee(51);
        open.open(0);
        VM.fee(1);
        _refused(abi.encodeWithSelector(FeeTooHigh.selector, 0, 51, 50), open, 0, 0, _bid());
        _isSuspended(open);
    }

    /// @dev The default, at once; authority stays.
    function _isSuspended(SharedControl control) private {
        bytes memory outcome = _decide(control, 0, _two(_nobody(), _nobody()));
        _same(_unpack(outcome, 0, 2).option, 1, "option");
        _same(control.authority(), 0, "authority");
    }

    function test_feeIsComparedOnce() external {
        open = _capped();
        open.open(0);
        VM.fee(51);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        open.open(0);
    }

    function test_marketWithoutACapIsNotOpened() external {
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        open.open(0);
    }

    function test_nobodyOpensALateSession() external {
        open = _capped();
        VM.warp(OPENING + PERIOD);
        VM.expectRevert(abi.encodeWithSelector(WindowClosed.selector, 0));
        open.open(0);
        VM.warp(OPENING + PERIOD - 1);
        open.open(0);
    }

    /// @dev Else a stranger could suspend the market for years in one dear block.
    function test_nobodyOpensSessionsBeyondTheRing() external {
        open = _capped();
        VM.fee(51);
        open.open(7);
        VM.expectRevert(abi.encodeWithSelector(WindowClosed.selector, 8));
        open.open(8);
    }
}
