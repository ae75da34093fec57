// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Option, SharedControl, Terms} from "../../src/SharedControl.sol";
import "../../src/Errors.sol";
import {Mechanism, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";

/// @notice What nobody can agree to, and that nobody can change what is agreed.
contract AgreementTest is Rig {
    function _refused(Mechanism mechanism, Terms memory terms, string memory term) private {
        VM.expectRevert(abi.encodeWithSelector(TermsRefused.selector, term));
        _deploy(mechanism, terms);
    }

    function test_oneNetworkAloneIsNoMarket() external {
        _refused(Mechanism.Hco, _terms(1), "parties");
    }

    function test_nobodyHoldsTwoSeats() external {
        Terms memory terms = _terms(3);
        terms.parties[2] = terms.parties[0];
        _refused(Mechanism.Hco, terms, "parties");
    }

    function test_everySeatIsHeld() external {
        Terms memory terms = _terms(2);
        terms.parties[1] = address(0);
        _refused(Mechanism.Hco, terms, "parties");
    }

    function test_oneOptionIsNoChoice() external {
        Terms memory terms = _terms(2);
        terms.options = new Option[](1);
        _refused(Mechanism.Hco, terms, "options");
    }

    function test_optionsRunFromLowToHigh() external {
        Terms memory terms = _terms(2);
        terms.options[2] = Option(1, 0);
        _refused(Mechanism.Hco, terms, "options");
    }

    function test_defaultIsAnOption() external {
        Terms memory terms = _terms(2);
        terms.defaultOption = 3;
        _refused(Mechanism.Hco, terms, "default");
    }

    function test_authorityIsASeat() external {
        Terms memory terms = _terms(2);
        terms.authority = 2;
        _refused(Mechanism.Hco, terms, "authority");
    }

    /// @dev Else a bad signature, which recovers to zero, would pass for the meter's.
    function test_thereIsAMeter() external {
        Terms memory terms = _terms(2);
        terms.meter = address(0);
        _refused(Mechanism.Hco, terms, "meter");
    }

    function test_sessionHasOneTo64Windows() external {
        Terms memory terms = _terms(2);
        terms.horizon = 0;
        _refused(Mechanism.Hco, terms, "horizon");
        terms.horizon = 65;
        _refused(Mechanism.Hco, terms, "horizon");
        terms.horizon = 64;
        _same(_deploy(Mechanism.Hco, terms).HORIZON(), 64, "windows");
    }

    function test_bondIsNotAboveTheMostThatIsPaidIn() external {
        Terms memory terms = _terms(2);
        terms.bond = 1e15 + 1;
        _refused(Mechanism.Hco, terms, "bond");
        terms.bond = 1e15;
        _same(_deploy(Mechanism.Hco, terms).BOND(), 1e15, "bond");
    }

    function test_tickIsWorthSomething() external {
        Terms memory terms = _terms(2);
        terms.tick = 0;
        _refused(Mechanism.Hco, terms, "tick");
    }

    function test_revealingFitsIntoAPeriod() external {
        Terms memory terms = _terms(2);
        terms.revealing = uint32(PERIOD + 1);
        _refused(Mechanism.Hco, terms, "period");
        (terms.period, terms.revealing) = (0, 0);
        _refused(Mechanism.Hco, terms, "period");
    }

    function test_lotteryNeedsSeals() external {
        _refused(Mechanism.Random, _terms(2), "revealing");
    }

    function test_termsAreRecordedAsAgreed() external {
        Terms memory terms = _sealedTerms(3);
        (terms.authority, terms.horizon, terms.feeCap) = (2, 48, 77);
        SharedControl control = _deploy(Mechanism.Rps, terms);
        _same(control.PARTIES(), 3, "parties");
        _same(control.OPTIONS(), 3, "options");
        _same(control.DEFAULT_OPTION(), 1, "default");
        _same(control.authority(), 2, "authority");
        _same(control.HORIZON(), 48, "windows");
        _same(control.BOND(), 10, "bond");
        _same(control.TICK(), TICK, "tick");
        _same(control.OPENING(), OPENING, "opening");
        _same(control.PERIOD(), PERIOD, "period");
        _same(control.REVEALING(), REVEALING, "revealing");
        _same(control.FEE_CAP(), 77, "fee cap");
        _check(control.METER() == terms.meter, "meter");
        _check(control.partyAt(1) == BERT, "party");
        _same(control.optionAt(2).low, 2500, "low");
        _same(control.optionAt(2).high, 7500, "high");
        _same(control.bidsClose(2), OPENING + 3 * PERIOD, "bids close");
        _same(control.revealsClose(2), OPENING + 3 * PERIOD + REVEALING, "reveals close");
        _same(control.meterDeadline(2), OPENING + 5 * PERIOD + REVEALING, "meter's deadline");
    }
}
