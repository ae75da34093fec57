// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DoubleAuction} from "../../src/DoubleAuction.sol";
import {Marketplace, MarketTerms} from "../../src/Marketplace.sol";
import "../../src/Errors.sol";
import {VM} from "../Vm.sol";
import {Cleared, Rule, TradeRig} from "./TradeRig.sol";

/// @notice Stages of a marketplace: orders, clearing, settlement.
contract TradingTest is TradeRig {
    Marketplace private market;
    bytes[] private orders;

    /// @dev Anna wants 4 Wh for up to 20 ticks, Bert gives 5 Wh from 8, Cara gives 1 Wh from 30.
    function setUp() external {
        market = _open(Rule.Uniform, 3, 1);
        _fund(market, 1000);
        orders.push(_one(4, 20));
        orders.push(_one(-5, 8));
        orders.push(_one(-1, 30));
    }

    function _freeAre(uint256 anna, uint256 bert, uint256 cara) private view {
        uint96[] memory free = market.freeDeposits();
        _same(free[0], anna, "free of Anna");
        _same(free[1], bert, "free of Bert");
        _same(free[2], cara, "free of Cara");
    }

    function _refused(bytes memory reason, uint256 seat, uint256 session, bytes memory sent) private {
        address party = market.partyAt(seat);
        VM.expectRevert(reason);
        VM.prank(party);
        market.submit(seat, session, sent);
    }

    function _clearRefused(bytes memory reason, bytes memory joined, bytes memory merit) private {
        VM.expectRevert(reason);
        market.clear(0, joined, merit);
    }

    /* TERMS */

    function test_tariffPaysNoMoreThanItCharges() external {
        MarketTerms memory terms = _market(3, 1);
        (terms.buy, terms.sell) = (7, 8);
        VM.expectRevert(abi.encodeWithSelector(TermsRefused.selector, "tariff"));
        _open(Rule.Midway, terms);
        terms.buy = 8;
        _same(_open(Rule.Midway, terms).BUY(), 8, "buy");
    }

    function test_shareIsAtMostAllOfTheSurplus() external {
        MarketTerms memory terms = _market(3, 1);
        VM.expectRevert(abi.encodeWithSelector(TermsRefused.selector, "k"));
        new DoubleAuction(terms, DoubleAuction.Pricing.Uniform, 1001);
        _same(new DoubleAuction(terms, DoubleAuction.Pricing.Uniform, 1000).K(), 1000, "k");
    }

    /* ORDERS */

    function test_ordersLockTheMostThatTheyCanCost() external {
        _sendAll(market, 0, orders);
        _freeAre(1000 - 4 * 120, 1000 - 5 * 100, 1000 - 100);
    }

    function test_whereLimitsAreNotReadTheTariffIsLocked() external {
        market = _open(Rule.Free, 3, 2);
        _fund(market, 10_000);
        _send(market, 0, 0, bytes.concat(_one(2, 20), _one(-1, 9)));
        _freeAre(10_000 - 2 * 2600 - 100, 10_000, 10_000);
    }

    function test_ordersThatAreNotCoveredAreRefused() external {
        _refused(abi.encodeWithSelector(DepositTooSmall.selector, 0, 1000, 1001), 0, 0, _one(7, 43));
        _send(market, 0, 0, _one(8, 25));
        _freeAre(0, 1000, 1000);
    }

    function test_secondOrdersForASessionAreRefused() external {
        _send(market, 0, 0, _one(0, 0));
        _refused(abi.encodeWithSelector(AlreadyBid.selector, 0, 0), 0, 0, orders[0]);
        _send(market, 0, 1, orders[0]);
    }

    function test_ordersByAStrangerAreRefused() external {
        VM.expectRevert(abi.encodeWithSelector(NotAParty.selector, STRANGER));
        VM.prank(STRANGER);
        market.submit(0, 0, orders[0]);
    }

    function test_ordersAfterTheCloseAreRefused() external {
        VM.warp(OPENING + PERIOD);
        _refused(abi.encodeWithSelector(WindowClosed.selector, 0), 0, 0, orders[0]);
        VM.warp(OPENING + PERIOD - 1);
        _send(market, 0, 0, orders[0]);
    }

    function test_ordersBeyondTheRingAreRefused() external {
        _refused(abi.encodeWithSelector(WindowClosed.selector, 8), 0, 8, orders[0]);
        _send(market, 0, 7, orders[0]);
    }

    function test_ordersForAClearedSessionAreRefused() external {
        _sendAll(market, 0, orders);
        _clear(market, 0, orders);
        _refused(abi.encodeWithSelector(WindowClosed.selector, 0), 0, 0, orders[0]);
    }

    function test_ordersOfAnotherLengthAreRefused() external {
        bytes memory reason = abi.encodeWithSelector(OrderMalformed.selector, 0, 1);
        _refused(reason, 0, 0, "");
        _refused(reason, 0, 0, bytes.concat(orders[0], orders[0]));
    }

    function test_quantityThatHasNoOppositeIsRefused() external {
        _refused(
            abi.encodeWithSelector(OrderMalformed.selector, 0, 0), 0, 0, _one(type(int32).min, 0)
        );
    }

    /* CLEARING */

    function test_clearingNeedsNoClockOnceAllHaveSent() external {
        _sendAll(market, 0, orders);
        Cleared memory cleared = _clear(market, 0, orders);
        _same(_traded(cleared, 0), 4, "trade of Anna");
        _same(_traded(cleared, 1), -4, "trade of Bert");
        _same(_traded(cleared, 2), 0, "trade of Cara");
        _same(_paid(cleared, 0), 4 * 14, "payment of Anna");
        _same(_paid(cleared, 1), -4 * 14, "payment of Bert");
        _same(_numberAt(cleared.outcome, 12, 8), 480 - 56, "due of Anna");
        _same(_numberAt(cleared.outcome, 20, 8), 500 + 56, "due of Bert");
        _same(market.nextSession(), 1, "next session");
    }

    function test_clearingWaitsForOrders() external {
        _send(market, 0, 0, orders[0]);
        (orders[1], orders[2]) = (_one(0, 0), _one(0, 0));
        VM.warp(OPENING + PERIOD - 1);
        _clearRefused(abi.encodeWithSelector(WindowNotReady.selector, 0), _joined(orders), hex"0000");
        VM.warp(OPENING + PERIOD);
        _clear(market, 0, orders);
    }

    function test_clearingsComeInOrder() external {
        _sendAll(market, 1, orders);
        VM.expectRevert(abi.encodeWithSelector(WindowOutOfOrder.selector, 1, 0));
        market.clear(1, _joined(orders), hex"000000010002");
    }

    function test_clearingOfOtherOrdersIsRefused() external {
        _sendAll(market, 0, orders);
        bytes[] memory other = orders;
        other[1] = _one(-5, 9);
        bytes memory reason = abi.encodeWithSelector(BidMismatch.selector, 0, 1);
        _clearRefused(reason, _joined(other), hex"000000010002");
        reason = abi.encodeWithSelector(BidMismatch.selector, 0, 3);
        _clearRefused(reason, bytes.concat(_joined(orders), hex"00"), hex"000000010002");
    }

    function test_orderInventedForASilentPartyIsRefused() external {
        _send(market, 0, 0, orders[0]);
        VM.warp(OPENING + PERIOD);
        bytes memory reason = abi.encodeWithSelector(BidMismatch.selector, 0, 1);
        _clearRefused(reason, _joined(orders), hex"000000010002");
    }

    function test_clearingWaitsForTheSettlementThatHoldsItsPlace() external {
        bytes[] memory nothing = new bytes[](3);
        for (uint256 seat; seat < 3; ++seat) nothing[seat] = _one(0, 0);
        VM.warp(OPENING + 20 * PERIOD);
        Cleared memory first = _clear(market, 0, nothing);
        for (uint256 session = 1; session < 8; ++session) _clear(market, session, nothing);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 8));
        market.clear(8, _joined(nothing), "");
        market.settle(0, first.outcome);
        _clear(market, 8, nothing);
    }

    /* THE ORDER OF MERIT */

    function _meritRefused(bytes memory merit) private {
        _clearRefused(abi.encodeWithSelector(MeritMismatch.selector, 0, 0), _joined(orders), merit);
    }

    function test_anyOtherOrderOfMeritIsRefused() external {
        _sendAll(market, 0, orders);
        _meritRefused(hex"000000020001"); // the worse seller first
        _meritRefused(hex"000000010001"); // one twice
        _meritRefused(hex"00000001"); // one left out
        _meritRefused(hex"00000001ffff"); // one who is not there
        _meritRefused(hex"000000010003"); // likewise
        _meritRefused(hex"000100000002"); // sides changed
        _meritRefused(hex"0000000100"); // half a seat
        bytes memory reason = abi.encodeWithSelector(MeritMismatch.selector, 0, 1);
        _clearRefused(reason, _joined(orders), hex"0000000100020000"); // one too many
        market.clear(0, _joined(orders), hex"000000010002");
    }

    function test_equalLimitsGoBySeat() external {
        (orders[0], orders[1], orders[2]) = (_one(-3, 9), _one(-3, 9), _one(4, 9));
        _sendAll(market, 0, orders);
        _meritRefused(hex"000200010000");
        Cleared memory cleared = _clear(market, 0, orders);
        _same(_traded(cleared, 0), -3, "the lower seat first");
        _same(_traded(cleared, 1), -1, "the higher seat last");
    }

    function test_sharingWantsNoOrderOfMerit() external {
        market = _open(Rule.Midway, 3, 1);
        _fund(market, 100_000);
        _sendAll(market, 0, orders);
        bytes memory reason = abi.encodeWithSelector(MeritMismatch.selector, 0, 1);
        _clearRefused(reason, _joined(orders), hex"000000010002");
        Cleared memory cleared = _clear(market, 0, orders);
        _same(_traded(cleared, 1), -3, "trade of Bert");
        _same(_traded(cleared, 2), -1, "trade of Cara");
        _same(_paid(cleared, 2), -1500, "payment of Cara");
    }

    /* SETTLEMENT */

    function _cleared() private returns (bytes memory outcome) {
        _sendAll(market, 0, orders);
        return _clear(market, 0, orders).outcome;
    }

    function _readings(int32 anna, int32 bert, int32 cara) private pure returns (bytes memory) {
        return abi.encodePacked(anna, bert, cara);
    }

    function test_whoDeliversIsPaid() external {
        _reportReadings(market, 0, _cleared(), _readings(9, -4, 0));
        _freeAre(1000 - 56, 1000 + 56, 1000);
    }

    function test_whoDoesNotDeliverIsCharged() external {
        _reportReadings(market, 0, _cleared(), _readings(4, -1, 77));
        _freeAre(1000 - 56 + 300, 1000 + 56 - 300, 1000);
    }

    function test_whoTurnsAboutIsChargedForItsTradeAlone() external {
        _reportReadings(market, 0, _cleared(), _readings(4, 2_000_000_000, 0));
        _freeAre(1000 - 56 + 400, 1000 + 56 - 400, 1000);
    }

    function test_chargesAreSharedOddTicksToTheLowestSeats() external {
        MarketTerms memory terms = _market(3, 1);
        terms.penalty = 5;
        market = _open(Rule.Free, terms);
        _fund(market, 100_000);
        (orders[0], orders[1], orders[2]) = (_one(1, 0), _one(2, 0), _one(-3, 0));
        _reportReadings(market, 0, _cleared(), _readings(1, 2, 0));
        _freeAre(100_007, 100_008, 100_000 - 15);
    }

    function test_withoutAReportItIsSettledAsTraded() external {
        bytes memory outcome = _cleared();
        VM.warp(OPENING + 3 * PERIOD - 1);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        market.settle(0, outcome);
        VM.warp(OPENING + 3 * PERIOD);
        market.settle(0, outcome);
        _freeAre(1000 - 56, 1000 + 56, 1000);
    }

    function test_sessionIsSettledOnce() external {
        bytes memory outcome = _cleared();
        bytes memory metered = _readings(4, -4, 0);
        _reportReadings(market, 0, outcome, metered);
        bytes memory signature = _signedReadings(market, 0, metered);
        VM.expectRevert(abi.encodeWithSelector(WindowSettled.selector, 0));
        market.report(0, outcome, metered, signature);
    }

    function test_settlementByAnotherOutcomeIsRefused() external {
        bytes memory outcome = _cleared();
        outcome[19] = 0xff;
        VM.warp(OPENING + 3 * PERIOD);
        VM.expectRevert(abi.encodeWithSelector(OutcomeMismatch.selector, 0));
        market.settle(0, outcome);
    }

    function test_settlementBeforeTheClearingIsRefused() external {
        VM.warp(OPENING + 3 * PERIOD);
        VM.expectRevert(abi.encodeWithSelector(WindowNotReady.selector, 0));
        market.settle(0, new bytes(36));
    }

    function test_reportThatTheMeterDidNotSignIsRefused() external {
        bytes memory outcome = _cleared();
        bytes memory signature = _signedReadings(market, 1, _readings(4, -4, 0));
        (bool done, bytes memory reason) = address(market).call(
            abi.encodeCall(market.report, (0, outcome, _readings(4, -4, 0), signature))
        );
        _check(!done && bytes4(reason) == NotTheMeter.selector, "another session's report");
        signature = _signedReadings(market, 0, _readings(4, -4, 0));
        (done, reason) = address(market).call(
            abi.encodeCall(market.report, (0, outcome, _readings(4, -3, 0), signature))
        );
        _check(!done && bytes4(reason) == NotTheMeter.selector, "other readings");
    }

    function test_readingsOfAnotherLengthAreRefused() external {
        bytes memory outcome = _cleared();
        bytes memory signature = _signedReadings(market, 0, "");
        VM.expectRevert(abi.encodeWithSelector(ReadingsMalformed.selector, 0, 1));
        market.report(0, outcome, "", signature);
    }
}
