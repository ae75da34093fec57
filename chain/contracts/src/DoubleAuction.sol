// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Book, Marketplace, MarketTerms} from "./Marketplace.sol";
import {Memory} from "./Memory.sol";
import {TradeLib} from "./TradeLib.sol";
import "./Errors.sol";

/// @title The k-double auction: who pays most buys from who asks least, while that suits both
/// @notice All trade at the price of the last pair that trades, or each pair at its own.
/// @dev Twin of `market/trading/auction.py`. Orders are sorted outside and checked here: for each
/// window the caller presents the seats that buy, by limit from the highest, equal ones by seat; then
/// those that sell, by limit from the lowest, equal ones by seat; two bytes each. Keys that rise
/// strictly leave no room for doubles, and counts none for omissions, so one order alone is accepted.
contract DoubleAuction is Marketplace {
    /// @notice Who trades at what price.
    enum Pricing {
        Uniform,
        PayAsBid
    }

    uint256 private constant SEAT = 2;

    /// @dev Turns limits about, so that the highest comes first.
    uint256 private constant DOWN = 0xffff;
    uint256 private constant UP = 0;

    /// @notice Who trades at what price.
    Pricing public immutable PRICING;
    /// @notice Whose the surplus is, in thousandths: 0 the buyers', 1000 the sellers'.
    uint256 public immutable K;

    constructor(MarketTerms memory terms, Pricing pricing, uint16 k) Marketplace(terms) {
        require(k <= 1000, TermsRefused("k"));
        PRICING = pricing;
        K = k;
    }

    /// @inheritdoc Marketplace
    function _highest(uint256 limit) internal pure override returns (uint256) {
        return limit;
    }

    /// @inheritdoc Marketplace
    function _clear(Book memory book, uint256 window) internal view override {
        (uint256 buys, uint256 sells) = _count(book, window);
        _rank(book, window, 0, buys, DOWN);
        _rank(book, window, buys, buys + sells, UP);
        bool uniform = PRICING == Pricing.Uniform;
        uint256 price;
        unchecked {
            // A price is between two limits of 16 bits, and a quantity has 31.
            uint256[] memory room = book.room;
            (uint256 i, uint256 j) = (0, buys);
            while (i < buys && j < buys + sells) {
                (uint256 buyer, uint256 seller) = (Memory.get(room, i), Memory.get(room, j));
                (uint256 most, uint256 least) = (buyer >> 48 ^ DOWN, seller >> 48 ^ UP);
                if (most < least) break;
                price = least + K * (most - least) / 1000;
                (uint256 wanted, uint256 offered) = (uint32(buyer), uint32(seller));
                uint256 amount = wanted < offered ? wanted : offered;
                _trade(book.traded, buyer, seller, amount);
                if (!uniform) _trade(book.payments, buyer, seller, price * amount);
                if (amount == wanted) ++i;
                else Memory.set(room, i, buyer - amount);
                if (amount == offered) ++j;
                else Memory.set(room, j, seller - amount);
            }
        }
        if (uniform) _charge(book, price);
    }

    /// @dev How many buy in a window, and how many sell.
    function _count(Book memory book, uint256 window) private view returns (uint256 buys, uint256 sells) {
        (uint256 place, uint256 stride) = _first(book, window);
        unchecked {
            for (uint256 end = place + stride * PARTIES; place < end; place += stride) {
                (int256 quantity,) = TradeLib.order(place);
                if (quantity > 0) ++buys;
                else if (quantity < 0) ++sells;
            }
        }
    }

    /// @dev Write the next seats of the order of merit into the room, and what they want or offer: the
    /// limit, turned about by `turn`, above 16 bits of the seat, above 32 of the quantity. They rise, or
    /// are refused.
    function _rank(Book memory book, uint256 window, uint256 from, uint256 to, uint256 turn) private view {
        (uint256 first, uint256 stride) = _first(book, window);
        uint256[] memory room = book.room;
        unchecked {
            uint256 merit = book.merit;
            book.merit = merit + SEAT * (to - from);
            require(book.merit <= book.end, MeritMismatch(book.session, window));
            uint256 least;
            for (uint256 i = from; i < to; ++i) {
                uint256 seat = Memory.load(merit) >> 240;
                merit += SEAT;
                require(seat < PARTIES, MeritMismatch(book.session, window));
                (int256 quantity, uint256 limit) = TradeLib.order(first + stride * seat);
                if (turn == UP) quantity = -quantity;
                uint256 key = (limit ^ turn) << 16 | seat;
                require(quantity > 0 && key >= least, MeritMismatch(book.session, window));
                least = key + 1;
                Memory.set(room, i, key << 32 | uint256(quantity));
            }
        }
    }

    /// @dev Give an amount to who buys, and take it from who sells.
    function _trade(uint256[] memory sums, uint256 buyer, uint256 seller, uint256 amount) private pure {
        unchecked {
            (uint256 buys, uint256 sells) = (uint16(buyer >> 32), uint16(seller >> 32));
            Memory.set(sums, buys, Memory.get(sums, buys) + amount);
            Memory.set(sums, sells, Memory.get(sums, sells) - amount);
        }
    }
}
