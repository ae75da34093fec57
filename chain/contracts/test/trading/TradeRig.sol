// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DoubleAuction} from "../../src/DoubleAuction.sol";
import {EnergySharing} from "../../src/EnergySharing.sol";
import {Marketplace, MarketTerms} from "../../src/Marketplace.sol";
import {Rig} from "../Rig.sol";
import {VM, Vm} from "../Vm.sol";

/// @notice The trading rules, by the contract that runs them.
enum Rule {
    Uniform,
    PayAsBid,
    Ratio,
    Midway,
    Free
}

/// @notice An order as a test writes it.
struct Order {
    int256 quantity;
    uint256 limit;
}

/// @notice What a clearing said, as recorded.
struct Cleared {
    bytes outcome;
    bytes payments;
}

/// @title What tests of marketplaces need: terms, orders, their merit, readings
abstract contract TradeRig is Rig {
    uint256 internal constant BUY = 2500;
    uint256 internal constant SELL = 500;
    uint256 internal constant PENALTY = 100;

    /* TERMS */

    function _market(uint256 parties, uint256 horizon) internal pure returns (MarketTerms memory terms) {
        terms.parties = _terms(parties).parties;
        terms.meter = VM.addr(METER_KEY);
        (terms.buy, terms.sell, terms.penalty) = (uint16(BUY), uint16(SELL), uint16(PENALTY));
        terms.horizon = uint8(horizon);
        terms.tick = uint64(TICK);
        terms.period = uint32(PERIOD);
    }

    function _open(Rule rule, MarketTerms memory terms) internal returns (Marketplace) {
        VM.warp(OPENING);
        if (rule == Rule.Uniform) return new DoubleAuction(terms, DoubleAuction.Pricing.Uniform, 500);
        if (rule == Rule.PayAsBid) return new DoubleAuction(terms, DoubleAuction.Pricing.PayAsBid, 500);
        return new EnergySharing(terms, EnergySharing.Pricing(uint8(rule) - 2));
    }

    function _open(Rule rule, uint256 parties, uint256 horizon) internal returns (Marketplace) {
        return _open(rule, _market(parties, horizon));
    }

    /* STAGES */

    function _fund(Marketplace market, uint256 ticks) internal {
        for (uint256 seat; seat < market.PARTIES(); ++seat) {
            address party = market.partyAt(seat);
            VM.deal(party, party.balance + ticks * TICK);
            VM.prank(party);
            market.deposit{value: ticks * TICK}(seat);
        }
    }

    function _send(Marketplace market, uint256 seat, uint256 session, bytes memory orders) internal {
        address party = market.partyAt(seat);
        VM.prank(party);
        market.submit(seat, session, orders);
    }

    function _sendAll(Marketplace market, uint256 session, bytes[] memory orders) internal {
        for (uint256 seat; seat < orders.length; ++seat) _send(market, seat, session, orders[seat]);
    }

    /// @dev Clear, and return what the event said.
    function _clear(Marketplace market, uint256 session, bytes[] memory orders)
        internal
        returns (Cleared memory cleared)
    {
        VM.recordLogs();
        market.clear(session, _joined(orders), _merit(market, orders));
        Vm.Log[] memory logs = VM.getRecordedLogs();
        _check(logs[0].topics[0] == Marketplace.SessionCleared.selector, "event");
        (cleared.outcome, cleared.payments) = abi.decode(logs[0].data, (bytes, bytes));
    }

    function _signedReadings(Marketplace market, uint256 session, bytes memory metered)
        internal
        view
        returns (bytes memory)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("gridpact"),
                keccak256("1"),
                block.chainid,
                address(market)
            )
        );
        bytes32 said = keccak256(
            abi.encode(keccak256("Metering(uint256 session,bytes metered)"), session, keccak256(metered))
        );
        return _signedBy(METER_KEY, keccak256(abi.encodePacked("\x19\x01", domain, said)));
    }

    function _reportReadings(Marketplace market, uint256 session, bytes memory outcome, bytes memory metered)
        internal
    {
        market.report(session, outcome, metered, _signedReadings(market, session, metered));
    }

    /* ORDERS */

    function _one(int256 quantity, uint256 limit) internal pure returns (bytes memory) {
        return abi.encodePacked(int32(quantity), uint16(limit));
    }

    function _joined(bytes[] memory orders) internal pure returns (bytes memory all) {
        for (uint256 seat; seat < orders.length; ++seat) all = bytes.concat(all, orders[seat]);
    }

    function _read(bytes memory orders, uint256 window) internal pure returns (Order memory order) {
        order.quantity = int32(uint32(_numberAt(orders, 6 * window, 4)));
        order.limit = _numberAt(orders, 6 * window + 4, 2);
    }

    /// @dev The order of merit, found the slow way: the best that is left, again and again.
    function _merit(Marketplace market, bytes[] memory orders) internal view returns (bytes memory merit) {
        try DoubleAuction(address(market)).K() {}
        catch {
            return "";
        }
        for (uint256 window; window < market.HORIZON(); ++window) {
            merit = bytes.concat(merit, _side(orders, window, 1), _side(orders, window, -1));
        }
    }

    function _side(bytes[] memory orders, uint256 window, int256 sign)
        private
        pure
        returns (bytes memory side)
    {
        bool[] memory done = new bool[](orders.length);
        while (true) {
            uint256 best = orders.length;
            int256 most;
            for (uint256 seat; seat < orders.length; ++seat) {
                Order memory order = _read(orders[seat], window);
                if (done[seat] || order.quantity * sign <= 0) continue;
                int256 worth = int256(order.limit) * sign;
                if (best == orders.length || worth > most) (best, most) = (seat, worth);
            }
            if (best == orders.length) return side;
            done[best] = true;
            side = bytes.concat(side, bytes2(uint16(best)));
        }
    }

    /* OUTCOMES */

    function _traded(Cleared memory cleared, uint256 cell) internal pure returns (int256) {
        return int32(uint32(_numberAt(cleared.outcome, 4 * cell, 4)));
    }

    function _paid(Cleared memory cleared, uint256 cell) internal pure returns (int256) {
        return int64(uint64(_numberAt(cleared.payments, 8 * cell, 8)));
    }

    function _numberAt(bytes memory from, uint256 place, uint256 size) internal pure returns (uint256 number) {
        for (uint256 i; i < size; ++i) number = number << 8 | uint8(from[place + i]);
    }
}
