// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Marketplace} from "../../src/Marketplace.sol";
import "../../src/Errors.sol";
import {Cleared, Order, Rule, TradeRig} from "./TradeRig.sol";

/// @notice What every trading rule promises, over orders by dice.
contract RulesTest is TradeRig {
    uint256 private constant PARTIES = 6;
    uint256 private constant HORIZON = 2;
    uint256 private constant FUNDS = 1e15;

    /// @dev Few and many, near and far: ties are frequent.
    function _drawn(uint256 seed) private pure returns (bytes[] memory orders) {
        orders = new bytes[](PARTIES);
        int256 most = seed % 3 == 0 ? int256(3) : seed % 3 == 1 ? int256(5000) : int256(2 ** 31 - 1);
        uint256 highest = seed % 2 == 0 ? 4 : 2 ** 16;
        for (uint256 seat; seat < PARTIES; ++seat) {
            for (uint256 window; window < HORIZON; ++window) {
                uint256 dice = uint256(keccak256(abi.encode(seed, seat, window)));
                int256 quantity = int256(dice % uint256(2 * most + 1)) - most;
                orders[seat] = bytes.concat(orders[seat], _one(quantity, (dice >> 128) % highest));
            }
        }
    }

    function _readings(uint256 seed, Cleared memory cleared) private pure returns (bytes memory metered) {
        for (uint256 cell; cell < PARTIES * HORIZON; ++cell) {
            uint256 dice = uint256(keccak256(abi.encode(seed, cell)));
            int32 flow = int32(_traded(cleared, cell));
            if (dice % 2 == 0) flow = int32(uint32(dice >> 128));
            metered = abi.encodePacked(metered, flow);
        }
    }

    function testFuzz_tradesAndPaymentsSumToZeroAndKeepEveryOrder(uint256 seed, uint8 dice) external {
        Rule rule = Rule(dice % 5);
        Marketplace market = _open(rule, PARTIES, HORIZON);
        _fund(market, FUNDS);
        bytes[] memory orders = _drawn(seed);
        _sendAll(market, 0, orders);
        Cleared memory cleared = _clear(market, 0, orders);
        for (uint256 window; window < HORIZON; ++window) {
            (int256 trades, int256 payments) = (0, 0);
            for (uint256 seat; seat < PARTIES; ++seat) {
                uint256 cell = PARTIES * window + seat;
                trades += _traded(cleared, cell);
                payments += _paid(cleared, cell);
                _keeps(rule, _read(orders[seat], window), _traded(cleared, cell), _paid(cleared, cell));
            }
            _same(trades, 0, "trades");
            _same(payments, 0, "payments");
        }
    }

    /// @dev Nobody trades more than it ordered, nor at a price beyond its limit.
    function _keeps(Rule rule, Order memory order, int256 traded, int256 paid) private pure {
        bool buys = order.quantity > 0;
        int256 limit = int256(order.limit);
        if (rule >= Rule.Ratio) limit = buys ? int256(BUY) : int256(0);
        if (!buys) (order.quantity, traded, paid) = (-order.quantity, -traded, -paid);
        _check(traded >= 0 && traded <= order.quantity, "quantity");
        _check(paid >= 0, "direction");
        _check(buys ? paid <= limit * traded : paid >= limit * traded, "limit");
    }

    /// @dev Whatever the meters say: what was locked comes free, no more and no less.
    function testFuzz_settlementFreesWhatWasLocked(uint256 seed, uint8 dice) external {
        Marketplace market = _open(Rule(dice % 5), PARTIES, HORIZON);
        _fund(market, FUNDS);
        bytes[] memory orders = _drawn(seed);
        _sendAll(market, 0, orders);
        uint96[] memory left = market.freeDeposits();
        Cleared memory cleared = _clear(market, 0, orders);
        _reportReadings(market, 0, cleared.outcome, _readings(seed, cleared));
        uint96[] memory free = market.freeDeposits();
        uint256 total;
        for (uint256 seat; seat < PARTIES; ++seat) {
            _check(free[seat] >= left[seat], "charged more than was locked");
            total += free[seat];
        }
        _same(total, PARTIES * FUNDS, "all deposits");
    }

    /// @dev Of all arrangements of the seats one alone is accepted.
    function testFuzz_anotherOrderOfMeritReverts(uint256 seed, uint256 one, uint256 other) external {
        Marketplace market = _open(Rule(seed % 2), PARTIES, HORIZON);
        _fund(market, FUNDS);
        bytes[] memory orders = _drawn(seed);
        _sendAll(market, 0, orders);
        bytes memory merit = _merit(market, orders);
        bytes memory swapped = abi.encodePacked(merit);
        if (merit.length == 0) return;
        (one, other) = (2 * (one % (merit.length / 2)) + 1, 2 * (other % (merit.length / 2)) + 1);
        (swapped[one], swapped[other]) = (swapped[other], swapped[one]);
        if (keccak256(swapped) == keccak256(merit)) swapped = bytes.concat(merit, hex"0000");
        (bool done, bytes memory reason) =
            address(market).call(abi.encodeCall(market.clear, (0, _joined(orders), swapped)));
        _check(!done && bytes4(reason) == MeritMismatch.selector, "a false order of merit");
        market.clear(0, _joined(orders), merit);
    }
}
