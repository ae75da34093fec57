// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Words of memory by their place
/// @notice All that is done to memory without a check of bounds is here. A place is an
/// address in memory; callers say why theirs is inside what they allocated.
library Memory {
    /// @dev The word at a place; it may reach behind what is allocated.
    function load(uint256 place) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    /// @dev Write a word at a place.
    function store(uint256 place, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }

    /// @dev The place of the first of some bytes.
    function start(bytes memory data) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := add(data, 32)
        }
    }

    /// @dev Room for so many bytes, and the place of the first. They may be written in order by whole
    /// words, each of which may reach up to a word behind them.
    function room(uint256 size) internal pure returns (bytes memory data, uint256 place) {
        data = new bytes(size + 32);
        place = start(data);
        store(place - 32, size);
    }

    /// @dev The hash of so many bytes.
    function hash(uint256 place, uint256 size) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(place, size)
        }
    }

    /// @dev The i-th member of an array, which has so many.
    function get(uint256[] memory array, uint256 i) internal pure returns (uint256 member) {
        assembly ("memory-safe") {
            member := mload(add(add(array, 32), shl(5, i)))
        }
    }

    /// @dev Write the i-th member of an array, which has, or had, so many.
    function set(uint256[] memory array, uint256 i, uint256 member) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(array, 32), shl(5, i)), member)
        }
    }

    /// @dev Let an array have so many members, not more than were allocated.
    function resize(uint256[] memory array, uint256 length) internal pure {
        assembly ("memory-safe") {
            mstore(array, length)
        }
    }
}
