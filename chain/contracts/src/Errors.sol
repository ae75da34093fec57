// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// Each error has a twin of the same name and arguments in market/errors.py.
// A session is the windows that one bid covers: one, or a day.

/// @notice The sender does not hold the seat.
error NotAParty(address sender);

/// @notice A bid cannot be read as one number for each option; `window` counts the covered ones.
error BidUnreadable(uint256 seat, uint256 window);

/// @notice Orders cannot be read as a quantity and a limit for each window.
error OrderMalformed(uint256 seat, uint256 window);

/// @notice The free deposit does not cover what a bid locks, in ticks.
error DepositTooSmall(uint256 seat, uint256 free, uint256 needed);

/// @notice A party bid twice for one session.
error AlreadyBid(uint256 session, uint256 seat);

/// @notice A bid came after bids had closed, or too far ahead.
error WindowClosed(uint256 session);

/// @notice Bids are refused, since the base fee at the opening exceeded the agreed cap, in wei.
error FeeTooHigh(uint256 session, uint256 fee, uint256 cap);

/// @notice Something was sent to a session before its time.
error WindowNotReady(uint256 session);

/// @notice A session was decided before an earlier one.
error WindowOutOfOrder(uint256 session, uint256 expected);

/// @notice A session was settled for a second time.
error WindowSettled(uint256 session);

/// @notice What was presented is not what was recorded for a seat.
error BidMismatch(uint256 session, uint256 seat);

/// @notice What was presented is not the outcome that was recorded.
error OutcomeMismatch(uint256 session);

/// @notice What was presented is not all orders of a window, the best first.
error MeritMismatch(uint256 session, uint256 window);

/// @notice Readings are not one flow of each party for each window.
error ReadingsMalformed(uint256 session, uint256 window);

/// @notice Sealed bids were sent to an open market, or open ones to a sealed one.
error WrongSealing();

/// @notice A deposit does not come in whole ticks (in wei, with the tick), or is too much (in ticks, with the most).
error DepositRefused(uint256 amount, uint256 wanted);

/// @notice More was asked back than is free, in ticks.
error BalanceTooSmall(uint256 seat, uint256 free, uint256 wanted);

/// @notice A report is not signed by the registered meter.
error NotTheMeter(address signer);

/// @notice Terms that no market could be held under, by name.
error TermsRefused(string term);
