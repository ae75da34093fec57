// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Book, Marketplace, MarketTerms} from "./Marketplace.sol";
import {Memory} from "./Memory.sol";
import {TradeLib} from "./TradeLib.sol";
import "./Errors.sol";

/// @title Sharing of energy: the shorter side trades all it has, the longer side in proportion
/// @notice What differs is the price: one that falls as supply nears demand, midway between the
/// tariff's two, or none.
/// @dev Twin of `market/trading/sharing.py`. Limits are not read, and there is no order of merit.
contract EnergySharing is Marketplace {
    /// @notice At what price is traded.
    enum Pricing {
        SupplyDemandRatio,
        MidMarketRate,
        BillSharing
    }

    /// @notice At what price is traded.
    Pricing public immutable PRICING;

    constructor(MarketTerms memory terms, Pricing pricing) Marketplace(terms) {
        PRICING = pricing;
    }

    /// @inheritdoc Marketplace
    /// @dev No price inside is above what the grid charges.
    function _highest(uint256) internal view override returns (uint256) {
        return BUY;
    }

    /// @inheritdoc Marketplace
    /// @dev Each seat has what all up to it have together, rounded down, less what those before it have.
    function _clear(Book memory book, uint256 window) internal view override {
        (uint256 supply, uint256 demand) = _sums(book, window);
        uint256 matched = supply < demand ? supply : demand;
        if (matched == 0) return;
        (uint256 place, uint256 stride) = _first(book, window);
        unchecked {
            // Sums have fewer than 48 bits.
            (uint256 given, uint256 taken) = (0, 0);
            for (uint256 seat; seat < PARTIES; (++seat, place += stride)) {
                (int256 quantity,) = TradeLib.order(place);
                uint256 traded;
                if (quantity > 0) {
                    uint256 before = taken * matched / demand;
                    taken += uint256(quantity);
                    traded = taken * matched / demand - before;
                } else if (quantity < 0) {
                    uint256 before = given * matched / supply;
                    given += uint256(-quantity);
                    traded = before - given * matched / supply;
                }
                Memory.set(book.traded, seat, traded);
            }
        }
        _charge(book, _price(supply, demand));
    }

    /// @dev What is given and what is taken in a window.
    function _sums(Book memory book, uint256 window) private view returns (uint256 supply, uint256 demand) {
        (uint256 place, uint256 stride) = _first(book, window);
        unchecked {
            for (uint256 end = place + stride * PARTIES; place < end; place += stride) {
                (int256 quantity,) = TradeLib.order(place);
                if (quantity > 0) demand += uint256(quantity);
                else supply += uint256(-quantity);
            }
        }
    }

    /// @dev In ticks for a watt-hour, rounded down; there is supply and demand.
    function _price(uint256 supply, uint256 demand) private view returns (uint256) {
        if (PRICING == Pricing.BillSharing) return 0;
        if (PRICING == Pricing.MidMarketRate) return (BUY + SELL) / 2;
        if (supply > demand) supply = demand;
        uint256 below = (BUY - SELL) * supply + SELL * demand;
        return below == 0 ? 0 : BUY * SELL * demand / below;
    }
}
