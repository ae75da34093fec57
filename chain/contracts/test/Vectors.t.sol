// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HighestCombinedOffer} from "../src/HighestCombinedOffer.sol";
import {Option, Sent, SharedControl, Terms} from "../src/SharedControl.sol";
import {Mechanism, Record, Rig} from "./Rig.sol";
import {VM, Vm} from "./Vm.sol";

/// @title The worked examples that the Python suite reads too, open and sealed
contract VectorsTest is Rig {
    string private constant FOLDER = "../../tests/vectors";

    struct Example {
        string json;
        SharedControl control;
        uint256 parties;
        uint256 options;
        uint256 windows;
        bool ranking;
        bool hiding;
    }

    function test_everyWorkedExampleWithOpenBids() external {
        _sameAll(false);
    }

    function test_everyWorkedExampleWithSealedBids() external {
        _sameAll(true);
    }

    function _sameAll(bool hiding) private {
        Vm.DirEntry[] memory entries = VM.readDir(FOLDER);
        _check(entries.length >= 20, "examples are missing");
        for (uint256 i; i < entries.length; ++i) _sameOne(VM.readFile(entries[i].path), hiding);
    }

    function _sameOne(string memory json, bool hiding) private {
        Example memory example;
        (example.json, example.hiding) = (json, hiding || _named(json, "rps-random"));
        _agree(example);
        for (uint256 window; window < example.windows; ++window) _hold(example, window);
        uint256[] memory deposits = VM.parseJsonUintArray(json, ".output.deposits");
        for (uint256 seat; seat < example.parties; ++seat) {
            _same(example.control.freeDeposits()[seat], deposits[seat], string.concat("deposit: ", json));
        }
        _same(example.control.authority(), VM.parseJsonUint(json, ".output.authority"), json);
    }

    /* TERMS */

    function _agree(Example memory example) private {
        string memory json = example.json;
        while (VM.keyExistsJson(json, _key(".input.parties", example.parties))) ++example.parties;
        while (VM.keyExistsJson(json, _key(".input.options_mw", example.options))) ++example.options;
        while (VM.keyExistsJson(json, _key(".output.windows", example.windows))) ++example.windows;
        Terms memory terms = _terms(example.parties);
        terms.options = new Option[](example.options);
        for (uint256 option; option < example.options; ++option) {
            string memory key = _key(".input.options_mw", option);
            terms.options[option] = Option(_thousandths(json, _key(key, 0)), _thousandths(json, _key(key, 1)));
        }
        terms.defaultOption = uint8(_middle(terms.options));
        if (_has(json, ".input.default")) terms.defaultOption = uint8(VM.parseJsonUint(json, ".input.default"));
        if (_has(json, ".input.bond")) terms.bond = uint64(VM.parseJsonUint(json, ".input.bond"));
        if (_has(json, ".input.authority")) terms.authority = uint8(VM.parseJsonUint(json, ".input.authority"));
        if (example.hiding) terms.revealing = uint32(REVEALING);
        example.control = _deployed(example, terms);
        for (uint256 seat; seat < example.parties; ++seat) {
            string memory key = string.concat(_key(".input.parties", seat), ".deposit");
            _deposit(example.control, seat, VM.parseJsonUint(json, key));
        }
    }

    function _deployed(Example memory example, Terms memory terms) private returns (SharedControl) {
        example.ranking = !_named(example.json, "hco");
        if (_named(example.json, "rps")) return _deploy(Mechanism.Rps, terms);
        if (_named(example.json, "rps-pareto")) return _deploy(Mechanism.Pareto, terms);
        if (_named(example.json, "rps-random")) return _deploy(Mechanism.Random, terms);
        HighestCombinedOffer.Payment payment = HighestCombinedOffer.Payment.Difference;
        if (_has(example.json, ".payment")) {
            bytes32 rule = keccak256(bytes(VM.parseJsonString(example.json, ".payment")));
            if (rule == keccak256("equal-split")) payment = HighestCombinedOffer.Payment.EqualSplit;
            if (rule == keccak256("none")) payment = HighestCombinedOffer.Payment.None;
        }
        return _deploy(Mechanism.Hco, terms, payment);
    }

    function _named(string memory json, string memory mechanism) private pure returns (bool) {
        return keccak256(bytes(VM.parseJsonString(json, ".mechanism"))) == keccak256(bytes(mechanism));
    }

    /// @dev The option whose middle is nearest zero, the lowest index first: the default's default.
    function _middle(Option[] memory options) private pure returns (uint256 best) {
        for (uint256 option; option < options.length; ++option) {
            if (_distance(options[option]) < _distance(options[best])) best = option;
        }
    }

    function _distance(Option memory option) private pure returns (int256 distance) {
        distance = int256(option.low) + option.high;
        if (distance < 0) distance = -distance;
    }

    /* WINDOWS */

    function _hold(Example memory example, uint256 window) private {
        SharedControl control = example.control;
        VM.warp(OPENING + window * PERIOD);
        Sent[] memory sent = new Sent[](example.parties);
        for (uint256 seat; seat < example.parties; ++seat) {
            (bool there, Sent memory one) = _read(example, seat, window);
            if (there && _try(example, seat, window, one)) sent[seat] = example.hiding ? one : _open(one);
        }
        VM.warp(control.bidsClose(window));
        for (uint256 seat; example.hiding && seat < example.parties; ++seat) {
            if (sent[seat].covered != 0) control.reveal(seat, window, sent[seat]);
        }
        bytes memory outcome = _decide(control, window, sent);
        _sameRecord(example, window, _unpack(outcome, 0, example.parties));
        _report(control, window, outcome);
    }

    /// @dev A bid that its party cannot cover stays away.
    function _try(Example memory example, uint256 seat, uint256 window, Sent memory sent)
        private
        returns (bool done)
    {
        SharedControl control = example.control;
        bytes32 seal = control.sealOf(seat, window, sent.covered, sent.bids, sent.salt);
        address party = control.partyAt(seat);
        bytes memory message = example.hiding
            ? abi.encodeCall(control.commit, (seat, window, sent.covered, sent.caps, seal))
            : abi.encodeCall(control.submit, (seat, window, sent.covered, sent.bids));
        VM.prank(party);
        (done,) = address(control).call(message);
    }

    function _read(Example memory example, uint256 seat, uint256 window)
        private
        view
        returns (bool there, Sent memory sent)
    {
        string memory party = _key(".input.parties", seat);
        string memory key = _key(string.concat(party, ".bids"), window);
        if (!VM.keyExistsJson(example.json, _key(key, 0))) return (false, sent);
        uint256[] memory numbers = VM.parseJsonUintArray(example.json, key);
        string memory named = _key(string.concat(party, ".points_mw"), window);
        bool points = !example.ranking && VM.keyExistsJson(example.json, _key(named, 0));
        uint256 highest;
        if (!example.ranking) sent.bids = abi.encodePacked(points ? uint8(0x84) : uint8(0x04));
        for (uint256 option; option < example.options; ++option) {
            sent.bids = example.ranking
                ? abi.encodePacked(sent.bids, uint8(numbers[option]))
                : abi.encodePacked(sent.bids, uint32(numbers[option]));
            if (!example.ranking && numbers[option] > highest) highest = numbers[option];
        }
        for (uint256 option; points && option < example.options; ++option) {
            sent.bids = abi.encodePacked(sent.bids, _thousandths(example.json, _key(named, option)));
        }
        (sent.covered, sent.caps, sent.salt) = (1, abi.encodePacked(uint32(highest)), bytes32(seat));
        key = _key(_key(".input.salts", seat), window);
        if (_has(example.json, key)) sent.salt = VM.parseJsonBytes32(example.json, key);
        there = true;
    }

    function _sameRecord(Example memory example, uint256 window, Record memory found) private pure {
        string memory json = example.json;
        string memory key = _key(".output.windows", window);
        _same(found.option, VM.parseJsonUint(json, string.concat(key, ".option")), json);
        _same(found.authority, VM.parseJsonUint(json, string.concat(key, ".authority")), json);
        _same(found.setPoint, _thousandths(json, string.concat(key, ".set_point_mw")), json);
        uint256[] memory listed = VM.parseJsonUintArray(json, string.concat(key, ".candidates"));
        uint256 candidates;
        for (uint256 i; i < listed.length; ++i) candidates |= 1 << listed[i];
        _same(found.candidates, candidates, json);
        int256[] memory payments = VM.parseJsonIntArray(json, string.concat(key, ".payments"));
        for (uint256 seat; seat < example.parties; ++seat) _same(found.payments[seat], payments[seat], json);
    }

    /* JSON */

    function _has(string memory json, string memory key) private view returns (bool) {
        return VM.keyExistsJson(json, key);
    }

    function _key(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(list, "[", string(abi.encodePacked(uint8(48 + index))), "]");
    }

    /// @dev A decimal number with at most three places, in thousandths.
    function _thousandths(string memory json, string memory key) private pure returns (int32 number) {
        bytes memory text = bytes(VM.parseJsonString(json, key));
        bool negative = text[0] == "-";
        uint256 places;
        for (uint256 i = negative ? 1 : 0; i < text.length; ++i) {
            if (text[i] == ".") places = 1;
            else number = number * 10 + int32(uint32(uint8(text[i]) - 48));
            if (text[i] != "." && places > 0) ++places;
        }
        if (places == 0) places = 1;
        for (; places < 4; ++places) number *= 10;
        if (negative) number = -number;
    }
}
