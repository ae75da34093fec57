// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HighestCombinedOffer} from "../src/HighestCombinedOffer.sol";
import {ParetoPreferenceSelection} from "../src/ParetoPreferenceSelection.sol";
import {RandomPreferenceSelection} from "../src/RandomPreferenceSelection.sol";
import {RankedPreferenceSelection} from "../src/RankedPreferenceSelection.sol";
import {Option, Sent, SharedControl, Terms} from "../src/SharedControl.sol";
import "../src/Errors.sol";
import {VM, Vm} from "./Vm.sol";

/// @notice The mechanisms, by the contract that runs them.
enum Mechanism {
    Hco,
    Rps,
    Pareto,
    Random
}

/// @notice A record of an outcome, read back.
struct Record {
    uint256 candidates;
    uint256 option;
    uint256 authority;
    int256 setPoint;
    int256[] payments;
    uint256[] dues;
    uint256 participants;
}

/// @title What every test needs: terms, bids, seals, reports, and a few checks
/// @dev Tests fail by reverting.
abstract contract Rig {
    uint256 internal constant METER_KEY = 0x6e7e6;
    uint256 internal constant OPENING = 1_000_000;
    uint256 internal constant PERIOD = 1000;
    uint256 internal constant REVEALING = 300;
    uint256 internal constant TICK = 1e12;
    address internal constant STRANGER = address(0xbad0);
    address internal constant ANNA = address(0xa11a);
    address internal constant BERT = address(0xa11b);
    address internal constant CARA = address(0xa11c);

    /* CHECKS */

    function _check(bool holds, string memory what) internal pure {
        require(holds, what);
    }

    function _same(uint256 found, uint256 wanted, string memory what) internal pure {
        if (found != wanted) revert Unequal(what, int256(found), int256(wanted));
    }

    function _same(int256 found, int256 wanted, string memory what) internal pure {
        if (found != wanted) revert Unequal(what, found, wanted);
    }

    error Unequal(string what, int256 found, int256 wanted);

    /* TERMS */

    /// @dev Parties are Anna, Bert, Cara; three options, with the middles -5, 0 and 5.
    function _terms(uint256 parties) internal pure returns (Terms memory terms) {
        terms.parties = new address[](parties);
        for (uint256 seat; seat < parties; ++seat) terms.parties[seat] = address(uint160(0xa11a + seat));
        terms.meter = VM.addr(METER_KEY);
        terms.options = new Option[](3);
        terms.options[0] = Option(-7500, -2500);
        terms.options[1] = Option(0, 0);
        terms.options[2] = Option(2500, 7500);
        terms.defaultOption = 1;
        terms.horizon = 1;
        terms.tick = uint64(TICK);
        terms.period = uint32(PERIOD);
    }

    function _sealedTerms(uint256 parties) internal pure returns (Terms memory terms) {
        terms = _terms(parties);
        terms.revealing = uint32(REVEALING);
        terms.bond = 10;
    }

    function _deploy(Mechanism mechanism, Terms memory terms, HighestCombinedOffer.Payment payment)
        internal
        returns (SharedControl)
    {
        VM.warp(OPENING);
        if (mechanism == Mechanism.Hco) return new HighestCombinedOffer(terms, payment);
        if (mechanism == Mechanism.Rps) return new RankedPreferenceSelection(terms);
        if (mechanism == Mechanism.Pareto) return new ParetoPreferenceSelection(terms);
        return new RandomPreferenceSelection(terms);
    }

    function _deploy(Mechanism mechanism, Terms memory terms) internal returns (SharedControl) {
        return _deploy(mechanism, terms, HighestCombinedOffer.Payment.Difference);
    }

    /* STAGES */

    function _fund(SharedControl control, uint256 ticks) internal {
        for (uint256 seat; seat < control.PARTIES(); ++seat) _deposit(control, seat, ticks);
    }

    function _deposit(SharedControl control, uint256 seat, uint256 ticks) internal {
        address party = control.partyAt(seat);
        uint256 tick = control.TICK();
        VM.deal(party, party.balance + ticks * tick);
        VM.prank(party);
        control.deposit{value: ticks * tick}(seat);
    }

    function _submit(SharedControl control, uint256 seat, uint256 session, Sent memory sent) internal {
        address party = control.partyAt(seat);
        VM.prank(party);
        control.submit(seat, session, sent.covered, sent.bids);
    }

    function _commit(SharedControl control, uint256 seat, uint256 session, Sent memory sent)
        internal
        returns (bytes32 seal)
    {
        seal = control.sealOf(seat, session, sent.covered, sent.bids, sent.salt);
        address party = control.partyAt(seat);
        VM.prank(party);
        control.commit(seat, session, sent.covered, sent.caps, seal);
    }

    /// @dev Decide, and return what the event said.
    function _decide(SharedControl control, uint256 session, Sent[] memory sent)
        internal
        returns (bytes memory outcome)
    {
        VM.recordLogs();
        control.decide(session, sent);
        return _decided(control);
    }

    function _decided(SharedControl control) internal returns (bytes memory) {
        Vm.Log[] memory logs = VM.getRecordedLogs();
        for (uint256 i = logs.length; i > 0; --i) {
            bool found = logs[i - 1].topics[0] == SharedControl.SessionDecided.selector;
            if (found && logs[i - 1].emitter == address(control)) return abi.decode(logs[i - 1].data, (bytes));
        }
        revert("nothing was decided");
    }

    /// @dev Settle by the meter's report of flows of zero.
    function _report(SharedControl control, uint256 session, bytes memory outcome, uint256[] memory blocked)
        internal
    {
        int32[] memory flows = new int32[](blocked.length);
        control.report(session, outcome, flows, blocked, _signed(control, session, flows, blocked));
    }

    function _report(SharedControl control, uint256 session, bytes memory outcome) internal {
        _report(control, session, outcome, new uint256[](control.HORIZON()));
    }

    function _signed(
        SharedControl control,
        uint256 session,
        int32[] memory flows,
        uint256[] memory blocked
    ) internal view returns (bytes memory) {
        return _signedBy(METER_KEY, _digest(control, block.chainid, session, flows, blocked));
    }

    function _signedBy(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _digest(
        SharedControl control,
        uint256 chain,
        uint256 session,
        int32[] memory flows,
        uint256[] memory blocked
    ) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("gridpact"),
                keccak256("1"),
                chain,
                address(control)
            )
        );
        bytes32 report = keccak256(
            abi.encode(
                keccak256("Report(uint256 session,int32[] flows,uint256[] blocked)"),
                session,
                keccak256(abi.encodePacked(flows)),
                keccak256(abi.encodePacked(blocked))
            )
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, report));
    }

    /* BIDS */

    /// @dev Offers for one window, in ticks, two bytes each.
    function _offers(uint256[3] memory numbers) internal pure returns (Sent memory) {
        bytes memory bids = abi.encodePacked(
            uint8(2), uint16(numbers[0]), uint16(numbers[1]), uint16(numbers[2])
        );
        uint256 most = numbers[0] > numbers[1] ? numbers[0] : numbers[1];
        if (numbers[2] > most) most = numbers[2];
        return Sent(1, abi.encodePacked(uint32(most)), bids, keccak256(bids));
    }

    /// @dev Ranks for one window.
    function _ranks(uint256[3] memory numbers) internal pure returns (Sent memory) {
        bytes memory bids =
            abi.encodePacked(uint8(numbers[0]), uint8(numbers[1]), uint8(numbers[2]));
        return Sent(1, abi.encodePacked(uint32(0)), bids, keccak256(bids));
    }

    /// @dev As an open bid is presented to the decision.
    function _open(Sent memory sent) internal pure returns (Sent memory) {
        return Sent(sent.covered, "", sent.bids, 0);
    }

    /// @dev As a bid that was not revealed is presented to the decision.
    function _hidden(Sent memory sent, bytes32 seal) internal pure returns (Sent memory) {
        return Sent(sent.covered, sent.caps, "", seal);
    }

    function _two(Sent memory one, Sent memory other) internal pure returns (Sent[] memory both) {
        both = new Sent[](2);
        (both[0], both[1]) = (one, other);
    }

    function _nobody() internal pure returns (Sent memory sent) {}

    /* OUTCOMES */

    function _unpack(bytes memory outcome, uint256 window, uint256 parties)
        internal
        pure
        returns (Record memory found)
    {
        uint256 place = window * (38 + 16 * parties);
        found.candidates = _number(outcome, place, 32);
        found.option = _number(outcome, place + 32, 1);
        found.authority = _number(outcome, place + 33, 1);
        found.setPoint = int32(uint32(_number(outcome, place + 34, 4)));
        found.payments = new int256[](parties);
        found.dues = new uint256[](parties);
        for (uint256 seat; seat < parties; ++seat) {
            found.payments[seat] = int64(uint64(_number(outcome, place + 38 + 16 * seat, 8)));
            uint256 due = _number(outcome, place + 46 + 16 * seat, 8);
            found.participants |= (due >> 63) << seat;
            found.dues[seat] = due & (2 ** 63 - 1);
        }
    }

    function _number(bytes memory from, uint256 place, uint256 size) private pure returns (uint256 number) {
        for (uint256 i; i < size; ++i) number = number << 8 | uint8(from[place + i]);
    }
}
