// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

interface Reentered {
    function reenter() external;
}

/// @notice A party that uses the moment it is paid in to call back.
contract Reenterer {
    Reentered private immutable HANDLER = Reentered(msg.sender);

    receive() external payable {
        HANDLER.reenter();
    }
}

/// @notice A party that sends payments back while it likes to.
contract Refuser {
    bool public refusing = true;

    receive() external payable {
        require(!refusing, "refused");
    }

    function refuse(bool doing) external {
        refusing = doing;
    }
}

/// @notice Ether that cannot be refused.
contract Bomb {
    constructor(address payable target) payable {
        selfdestruct(target);
    }
}
