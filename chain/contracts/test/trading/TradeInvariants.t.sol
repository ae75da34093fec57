// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Marketplace} from "../../src/Marketplace.sol";
import {VM} from "../Vm.sol";
import {Cleared, Rule, TradeRig} from "./TradeRig.sol";

/// @title Prosumers, strangers and a meter, who do what they like in any order
/// @notice Each action says beforehand whether the marketplace must accept it, and reverts (which
/// fails the run) where it thinks otherwise.
contract TradeHandler is TradeRig {
    uint256 private constant PARTIES = 3;
    uint256 private constant HORIZON = 2;
    uint256 private constant RING = 8;

    Marketplace public immutable market;
    Rule private immutable _rule;

    /// @notice Ticks in locks, as orders and settlements should have left them.
    uint256 public locked;
    /// @notice How often a stage was reached.
    mapping(bytes4 stage => uint256) public reached;

    mapping(uint256 session => mapping(uint256 seat => bytes)) private _sent;
    mapping(uint256 session => uint256) private _locks;
    mapping(uint256 session => Cleared) private _cleared;
    mapping(uint256 session => bool) private _settled;
    uint256 private _next;
    uint256 private _now = OPENING;

    constructor(Rule rule) {
        market = _open(rule, PARTIES, HORIZON);
        _rule = rule;
    }

    function deposit(uint256 seat, uint256 ticks) external {
        VM.warp(_now);
        (seat, ticks) = (seat % PARTIES, ticks % 100_000);
        address party = market.partyAt(seat);
        VM.deal(party, party.balance + ticks * TICK);
        VM.prank(party);
        market.deposit{value: ticks * TICK}(seat);
    }

    function order(uint256 seat, uint256 ahead, uint256 dice) external {
        VM.warp(_now);
        seat %= PARTIES;
        uint256 session = _next + (ahead % 16 == 0 ? ahead % 12 : ahead % 2);
        bytes memory orders = bytes.concat(_drawn(dice), _drawn(dice >> 32));
        uint256 free = market.freeDeposits()[seat];
        uint256 needed = _needs(orders);
        bool fits = free >= needed && session < _next + RING && _now < market.bidsClose(session)
            && _sent[session][seat].length == 0;
        address party = market.partyAt(seat);
        VM.prank(party);
        try market.submit(seat, session, orders) {
            _check(fits, "orders that break a rule were taken");
            _sent[session][seat] = orders;
            _locks[session] += needed;
            locked += needed;
            ++reached[this.order.selector];
        } catch {
            _check(!fits, "orders were refused");
        }
    }

    function clear(uint256 dice) external {
        VM.warp(_now);
        bytes[] memory orders = new bytes[](PARTIES);
        bool ready = _now >= market.bidsClose(_next);
        bool all = true;
        for (uint256 seat; seat < PARTIES; ++seat) {
            orders[seat] = _sent[_next][seat];
            if (orders[seat].length == 0) (orders[seat], all) = (new bytes(6 * HORIZON), false);
        }
        ready = (ready || all) && (_next < RING || _settled[_next - RING]);
        bytes memory joined = _joined(orders);
        bytes memory merit = _merit(market, orders);
        if (dice % 4 == 0) {
            bytes memory other = dice % 8 == 0 ? joined : merit;
            if (other.length != 0) {
                other[(dice >> 8) % other.length] ^= bytes1(uint8(1 + (dice >> 16) % 255));
                ready = false;
            }
        }
        VM.recordLogs();
        try market.clear(_next, joined, merit) {
            _check(ready, "a false clearing was recorded");
            bytes memory data = VM.getRecordedLogs()[0].data;
            (_cleared[_next].outcome, _cleared[_next].payments) = abi.decode(data, (bytes, bytes));
            ++_next;
            ++reached[this.clear.selector];
        } catch {
            _check(!ready, "a clearing was refused");
        }
    }

    function report(uint256 back, uint256 dice, bool forged) external {
        VM.warp(_now);
        uint256 session = _past(back);
        bytes memory metered;
        for (uint256 cell; cell < PARTIES * HORIZON; ++cell) {
            dice = uint256(keccak256(abi.encode(dice)));
            metered = abi.encodePacked(metered, int32(int256(dice % 41) - 20));
        }
        bytes memory signature = _signedReadings(market, session, metered);
        if (forged) metered[3] ^= 0x01;
        bool ready = session < _next && !_settled[session] && !forged;
        try market.report(session, _cleared[session].outcome, metered, signature) {
            _check(ready, "a report was taken");
            _end(session);
            ++reached[this.report.selector];
        } catch {
            _check(!ready, "a report was refused");
        }
    }

    function settle(uint256 back) external {
        VM.warp(_now);
        uint256 session = _past(back);
        bool ready = session < _next && !_settled[session] && _now >= market.meterDeadline(session);
        try market.settle(session, _cleared[session].outcome) {
            _check(ready, "a settlement was taken");
            _end(session);
            ++reached[this.settle.selector];
        } catch {
            _check(!ready, "a settlement was refused");
        }
    }

    function withdraw(uint256 seat, uint256 ticks) external {
        seat %= PARTIES;
        uint256 free = market.freeDeposits()[seat];
        ticks %= free + 2;
        address party = market.partyAt(seat);
        VM.prank(party);
        try market.withdraw(seat, ticks) {
            _check(ticks <= free, "more than is free was withdrawn");
            ++reached[this.withdraw.selector];
        } catch {
            _check(ticks > free, "a withdrawal was refused");
        }
    }

    function wait(uint256 seconds_) external {
        _now += seconds_ % PERIOD;
    }

    /* HELPERS */

    function _past(uint256 back) private view returns (uint256) {
        back %= 10;
        return back > _next ? 0 : _next - back;
    }

    /// @dev What was locked is free again, whoever was charged.
    function _end(uint256 session) private {
        _settled[session] = true;
        locked -= _locks[session];
    }

    function _drawn(uint256 dice) private pure returns (bytes memory) {
        return _one(int256(dice % 41) - 20, (dice >> 16) % 50);
    }

    function _needs(bytes memory orders) private view returns (uint256 needed) {
        for (uint256 window; window < HORIZON; ++window) {
            int256 quantity = _read(orders, window).quantity;
            uint256 most = _read(orders, window).limit;
            if (_rule >= Rule.Ratio) most = BUY;
            needed += quantity < 0 ? uint256(-quantity) * PENALTY : uint256(quantity) * (most + PENALTY);
        }
    }
}

/// @title What holds whatever anybody does
abstract contract TradeInvariants is TradeRig {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    TradeHandler internal handler;

    function setUp() external {
        handler = new TradeHandler(_rule());
    }

    function _rule() internal pure virtual returns (Rule);

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        (targets[0].addr, targets[0].selectors) = (address(handler), _actions());
    }

    function _actions() private view returns (bytes4[] memory actions) {
        TradeHandler h = handler;
        // Named twice is done twice as often.
        bytes4[10] memory listed = [
            h.deposit.selector,
            h.order.selector,
            h.order.selector,
            h.order.selector,
            h.clear.selector,
            h.clear.selector,
            h.report.selector,
            h.settle.selector,
            h.withdraw.selector,
            h.wait.selector
        ];
        actions = new bytes4[](listed.length);
        for (uint256 i; i < listed.length; ++i) actions[i] = listed[i];
    }

    /// @notice All that came in is free, or locked, or gone out: trade neither makes money nor loses it.
    function invariant_marketplaceHoldsWhatItOwes() external view {
        Marketplace market = handler.market();
        uint256 owed = handler.locked();
        uint96[] memory free = market.freeDeposits();
        for (uint256 seat; seat < free.length; ++seat) owed += free[seat];
        _same(address(market).balance, owed * market.TICK(), "balance");
    }

    /// @notice A walk by dice gets through every stage, so that the invariant is not empty.
    function test_handlerReachesEveryStage() external {
        bytes4[] memory actions = _actions();
        for (uint256 step; step < 1500; ++step) {
            uint256 dice = uint256(keccak256(abi.encode(step)));
            bytes4 action = actions[dice % actions.length];
            bytes memory message = abi.encodePacked(action, dice >> 8, dice >> 16, dice >> 24 & 1);
            (bool done, bytes memory reason) = address(handler).call(message);
            _check(done, string(reason));
        }
        for (uint256 i = 1; i < actions.length - 1; ++i) {
            _check(handler.reached(actions[i]) > 2, "a stage is hardly reached");
        }
    }
}

contract UniformTradeTest is TradeInvariants {
    function _rule() internal pure override returns (Rule) {
        return Rule.Uniform;
    }
}

contract PayAsBidTradeTest is TradeInvariants {
    function _rule() internal pure override returns (Rule) {
        return Rule.PayAsBid;
    }
}

contract SharedEnergyTest is TradeInvariants {
    function _rule() internal pure override returns (Rule) {
        return Rule.Ratio;
    }
}
