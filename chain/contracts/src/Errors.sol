// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// Each error has a twin of the same name and arguments in market/errors.py.

/// @notice The sender has no seat.
error NotAParty(address sender);

/// @notice A bid does not have one number for each option; lengths in bytes.
error BidMalformed(uint256 seat, uint256 length, uint256 wanted);

/// @notice A rank is out of range, or stands twice.
error RanksMalformed(uint256 seat, uint256 option, uint256 rank);

/// @notice An exact set-point, in thousandths of the unit, lies outside its option.
error PointOutsideOption(uint256 seat, uint256 option, int256 point);

/// @notice The free deposit does not cover the highest offer and the bond, in ticks.
error DepositTooSmall(uint256 seat, uint256 free, uint256 needed);

/// @notice A party bid twice for one window.
error AlreadyBid(uint256 window, uint256 seat);

/// @notice A bid came after the bids had closed.
error WindowClosed(uint256 window);

/// @notice A deposit does not come in whole ticks (in wei, with the tick), or is too much (in ticks, with the most).
error DepositRefused(uint256 amount, uint256 wanted);

/// @notice More was asked back than is free, in ticks.
error BalanceTooSmall(uint256 seat, uint256 free, uint256 wanted);

/// @notice A window was decided or settled before its time.
error WindowNotReady(uint256 window);

/// @notice A window was decided before an earlier one.
error WindowOutOfOrder(uint256 window, uint256 expected);

/// @notice A window was settled for a second time.
error WindowSettled(uint256 window);

/// @notice A bid presented to the decision is not the one that was recorded.
error BidMismatch(uint256 window, uint256 seat);

/// @notice The sender of a report is not the registered meter.
error NotTheMeter(address sender);

/// @notice Terms that no market could be held under, by name.
error TermsRefused(string term);
