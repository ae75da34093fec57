// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Memory} from "./Memory.sol";

/// @title The records of a session's outcome, one for each window, all of one length
/// @notice A record is: 32 bytes of candidates, a bit each; 1 of the option; 1 of the seat that held
/// authority; 4 of the set-point, signed, in thousandths; and for each seat 8 of its payment, signed,
/// and 8 of its due, whose highest bit says that it took part. Twin of `chain/packing.py`.
library OutcomeLib {
    uint256 private constant HEAD = 38;
    uint256 private constant SEAT = 16;
    uint256 private constant PRESENT = 1 << 63;

    /// @dev Room for all records of a session, and the place of the first. Records are written in
    /// order, and each write may reach up to a word behind its record.
    function empty(uint256 windows, uint256 parties)
        internal
        pure
        returns (bytes memory outcome, uint256 place)
    {
        return Memory.room(windows * (HEAD + SEAT * parties));
    }

    /// @dev Write what was decided in a window; return the place behind.
    function writeHead(
        uint256 place,
        uint256 candidates,
        uint256 option,
        uint256 authority,
        int256 setPoint
    ) internal pure returns (uint256) {
        unchecked {
            Memory.store(place, candidates);
            Memory.store(place + 32, option << 248 | authority << 240 | uint256(uint32(int32(setPoint))) << 208);
            return place + HEAD;
        }
    }

    /// @dev Write what it means for the next seat; return the place behind.
    /// @param present One if the seat took part, else zero.
    function writeSeat(uint256 place, uint256 payment, uint256 due, uint256 present)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            Memory.store(place, payment << 192 | (due | present << 63) << 128);
            return place + SEAT;
        }
    }

    /// @dev Add what settlement frees in a window to `credits`; return who took part, a bit for each.
    function credit(bytes memory outcome, uint256 window, uint256[] memory credits)
        internal
        pure
        returns (uint256 participants)
    {
        unchecked {
            // Dues have less than 63 bits and windows are at most 64, so nothing overflows.
            uint256 parties = credits.length;
            // A due is at the end of the word that starts 24 bytes before it.
            uint256 start = Memory.start(outcome) + window * (HEAD + SEAT * parties) + HEAD - 16;
            for (uint256 seat; seat < parties; ++seat) {
                uint256 due = uint64(Memory.load(start + SEAT * seat));
                participants |= due >> 63 << seat;
                Memory.set(credits, seat, Memory.get(credits, seat) + (due & (PRESENT - 1)));
            }
        }
    }
}
