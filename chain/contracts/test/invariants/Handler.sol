// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HighestCombinedOffer} from "../../src/HighestCombinedOffer.sol";
import {Sent, SharedControl, Terms} from "../../src/SharedControl.sol";
import {Mechanism, Rig} from "../Rig.sol";
import {VM} from "../Vm.sol";
import {Bomb, Reenterer, Reentered, Refuser} from "./Hostile.sol";

/// @title Everybody at once: parties, strangers and a meter, who do what they like in any order
/// @notice Each action says beforehand, from RULES §4 alone, whether the contract must accept it, and
/// reverts (which fails the run) where the contract thinks otherwise.
/// @dev Seat 0 re-enters when it is paid, seat 1 refuses payments at will, the others are accounts.
/// Sessions are replayed on a second contract, the mirror: bids in the other order of seats, at
/// other times, decided and settled by other callers. It must come to the same.
contract Handler is Rig, Reentered {
    /// @notice How far a seat got in a session, and a session itself.
    enum Stage {
        Nothing,
        Committed,
        Revealed,
        Decided,
        Settled
    }

    /// @notice What a party knows about its bid.
    struct Pledge {
        Stage stage;
        bool copied;
        bool fits;
        bytes32 seal;
        Sent sent;
    }

    /// @notice What the handler knows about a session.
    struct Session {
        Stage stage;
        uint256 bidders;
        uint256 hidden;
        uint256 locked;
        uint256 fee;
        bytes outcome;
    }

    uint256 private constant RING = 8;
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    SharedControl public immutable control;
    SharedControl public immutable mirror;
    uint256 public immutable parties;
    uint256 public immutable options;
    uint256 public immutable horizon;
    uint256 public immutable bond;
    uint256 public immutable tick;
    uint256 public immutable feeCap;
    bool public immutable hiding;
    bool public immutable ranking;
    Reenterer public immutable reenterer = new Reenterer();
    Refuser public immutable refuser = new Refuser();

    /// @notice Ticks in locks, as bids and settlements should have left them.
    uint256 public locked;
    /// @notice Wei that nobody deposited.
    uint256 public forced;
    /// @notice How often an action of a name was accepted.
    mapping(bytes4 action => uint256) public accepted;

    mapping(uint256 session => Session) private _sessions;
    mapping(uint256 session => mapping(uint256 seat => Pledge)) private _pledges;
    mapping(uint256 seat => uint256) private _spent;
    uint256 private _next;
    uint256 private _now = OPENING;
    uint256 private _fee;
    uint256 private _armed;
    uint256 private _depth;

    constructor(Mechanism mechanism, HighestCombinedOffer.Payment payment, Terms memory terms) {
        parties = terms.parties.length;
        options = terms.options.length;
        horizon = terms.horizon;
        bond = terms.bond;
        tick = terms.tick;
        feeCap = terms.feeCap;
        hiding = terms.revealing != 0;
        ranking = mechanism != Mechanism.Hco;
        control = _deploy(mechanism, _seated(terms), payment);
        mirror = _deploy(mechanism, terms, payment);
        _fund(mirror, 1e9);
    }

    function _seated(Terms memory terms) private view returns (Terms memory seated) {
        seated = abi.decode(abi.encode(terms), (Terms));
        seated.parties[0] = address(reenterer);
        seated.parties[1] = address(refuser);
    }

    /* ACTIONS OF PARTIES */

    function deposit(uint256 seat, uint256 ticks, uint256 odd) external watched {
        seat %= parties;
        ticks %= ticks % 16 == 0 ? control.MOST() + 2 : 400;
        uint256 wei_ = ticks * tick + (odd % 8 == 0 && tick > 1 ? 1 : 0);
        address party = control.partyAt(seat);
        VM.deal(party, party.balance + wei_);
        VM.prank(party);
        try control.deposit{value: wei_}(seat) {
            _agree(wei_ % tick == 0 && ticks <= control.MOST(), true, "deposit");
            _count(this.deposit.selector);
        } catch {
            _agree(wei_ % tick == 0 && ticks <= control.MOST(), false, "deposit");
        }
    }

    function bid(uint256 seat, uint256 ahead, uint256 seed) external watched {
        _bid(seat % parties, _next + (ahead % 16 == 0 ? ahead % 12 : ahead % 3), seed);
    }

    /// @notice Commit to what another party is committed to, without knowing what it is.
    function copySeal(uint256 seat, uint256 other, uint256 ahead) external watched {
        uint256 session = _next + ahead % 3;
        (seat, other) = (seat % parties, other % parties);
        for (uint256 i; i < parties && _pledges[session][other].stage != Stage.Committed; ++i) {
            other = (other + 1) % parties;
        }
        Pledge memory copied = _pledges[session][other];
        if (seat == other || copied.stage != Stage.Committed) return;
        copied.copied = true;
        _commitTo(seat, session, copied);
    }

    function reveal(uint256 seat, uint256 ahead) external watched {
        _reveal(seat % parties, _next + ahead % 3);
    }

    /// @notice Reveal what is kept elsewhere: in another session, for another seat, or spoilt.
    function revealOther(uint256 seat, uint256 session, uint256 otherSeat, uint256 other, uint256 spoil)
        external
        watched
    {
        (seat, otherSeat) = (seat % parties, otherSeat % parties);
        (session, other) = (_next + session % 3, other % (_next + 9));
        Sent memory sent = _pledges[other][otherSeat].sent;
        if (spoil % 3 == 1) sent.salt = bytes32(spoil);
        if (spoil % 3 == 2) sent.bids = abi.encodePacked(sent.bids, uint8(spoil));
        bool same = other == session && otherSeat == seat && spoil % 3 == 0;
        if (same) return;
        try control.reveal(seat, session, sent) {
            revert("revealed something else");
        } catch {}
    }

    function withdraw(uint256 seat, uint256 ticks, uint256 armed) external watched {
        seat %= parties;
        uint256 free = _free(seat);
        _armed = armed;
        _withdraw(seat, ticks % (ticks % 8 == 0 ? 3 * free + 2 : free + 1));
        _armed = 0;
    }

    function refuse(bool doing) external watched {
        refuser.refuse(doing);
    }

    /// @notice What a party does while it is being paid.
    function reenter() external {
        uint256 what = _armed;
        if (what == 0 || what % 8 == 0) return;
        _armed = 0;
        if (what % 8 == 1) _withdraw(0, _free(0));
        if (what % 8 == 2) _withdraw(0, _free(0) / 2);
        if (what % 8 == 3) _bid(0, _next, what);
        if (what % 8 == 4) _decide(_next);
        if (what % 8 == 5) _reveal(0, _next);
        if (what % 8 == 6) _settle(what % (_next + 1));
        if (what % 8 == 7) _withdraw(0, _free(0) + 1);
    }

    /* ACTIONS OF ANYBODY */

    function open(uint256 ahead) external watched {
        uint256 session = _next + (ahead % 8 == 0 ? ahead % 12 : ahead % 3);
        bool wanted = feeCap != 0 && _sessions[session].fee == 0 && session < _next + RING
            && _now < control.bidsClose(session);
        VM.prank(STRANGER);
        try control.open(session) {
            _agree(wanted, true, "open");
            _sessions[session].fee = _fee + 1;
            _count(this.open.selector);
        } catch {
            _agree(wanted, false, "open");
        }
    }

    function decide(uint256 ahead) external watched {
        if (ahead % 8 == 1) _catchUp();
        else _decide(ahead % 8 == 0 ? ahead % (_next + 3) : _next);
    }

    /// @notice Present something else than what was recorded.
    function decideOther(uint256 seat, uint256 other, uint256 how) external watched {
        Sent[] memory sent = _presented(_next);
        seat %= parties;
        Sent memory kept = sent[seat];
        bytes32 before = keccak256(abi.encode(kept.covered, kept.caps, kept.bids, kept.salt));
        Stage stage = _pledges[_next][seat].stage;
        if (how % 6 == 0) sent[seat] = _pledges[other % (_next + 1)][seat].sent;
        if (how % 6 == 1) sent[seat] = _pledges[_next][other % parties].sent;
        if (how % 6 == 2) kept.covered ^= 1 << (other % 256);
        if (how % 6 == 3) kept.salt = bytes32(other);
        if (how % 6 == 4) kept.bids = abi.encodePacked(kept.bids, uint8(other));
        if (how % 6 == 5) sent[seat] = Sent(0, "", "", 0);
        kept = sent[seat];
        bool same = before == keccak256(abi.encode(kept.covered, kept.caps, kept.bids, kept.salt));
        // Of a seat without a bid nothing but the coverage is looked at.
        if (same || (stage == Stage.Nothing && kept.covered == 0)) return;
        try control.decide(_next, sent) {
            revert("decided on something else");
        } catch {}
    }

    function report(uint256 session, uint256 blocked) external watched {
        session %= _next + 2;
        if (_next > 0 && blocked % 4 != 0) session = _next - 1;
        uint256[] memory bits = _bits(blocked);
        int32[] memory flows = new int32[](horizon);
        bytes memory signature = _signed(control, session, flows, bits);
        bool wanted = _sessions[session].stage == Stage.Decided;
        uint256[] memory before = _frees(control);
        VM.prank(STRANGER);
        try control.report(session, _sessions[session].outcome, flows, bits, signature) {
            _agree(wanted, true, "report");
            _settled(session, before, bits);
            _count(this.report.selector);
        } catch {
            _agree(wanted, false, "report");
        }
    }

    /// @notice Report what the meter did not sign, or signed for something else.
    function forge(uint256 session, uint256 blocked, uint256 how) external watched {
        session %= _next + 2;
        if (_next > 0 && blocked % 4 != 0) session = _next - 1;
        uint256[] memory bits = _bits(blocked);
        int32[] memory flows = new int32[](horizon);
        bytes memory signature = _forged(session, flows, bits, how % 9);
        if (how % 9 == 6) bits[0] ^= 1;
        if (how % 9 == 7) flows[0] += 1;
        try control.report(session, _sessions[session].outcome, flows, bits, signature) {
            revert("believed a forger");
        } catch {}
    }

    function settle(uint256 session) external watched {
        _settle(session % 4 == 0 ? session % (_next + 2) : session % 8 > _next ? 0 : _next - session % 8);
    }

    /// @notice Settle by the outcome of another session.
    function settleOther(uint256 session, uint256 other) external watched {
        (session, other) = (session % (_next + 2), other % (_next + 2));
        bytes memory outcome = _sessions[other].outcome;
        if (keccak256(outcome) == keccak256(_sessions[session].outcome)) return;
        uint256[] memory bits = new uint256[](horizon);
        int32[] memory flows = new int32[](horizon);
        bytes memory signature = _signed(control, session, flows, bits);
        try control.settle(session, outcome) {
            revert("settled by another outcome");
        } catch {}
        try control.report(session, outcome, flows, bits, signature) {
            revert("reported on another outcome");
        } catch {}
    }

    /// @notice What only parties may do, done by somebody else; and what nobody may.
    function trespass(uint256 seat, uint256 session, uint256 who) external watched {
        uint256 place = seat % (parties + 2);
        session = _next + session % 3;
        address sender = who % 3 == 0 ? STRANGER : control.partyAt(who % parties);
        if (sender == control.partyAt(place)) return;
        bytes[7] memory calls = [
            abi.encodeCall(control.deposit, (place)),
            abi.encodeCall(control.withdraw, (place, 1)),
            abi.encodeCall(control.withdraw, (place, 0)),
            abi.encodeCall(control.commit, (place, session, 1, abi.encodePacked(uint32(0)), bytes32(seat))),
            abi.encodeCall(control.submit, (place, session, 1, "")),
            abi.encodeWithSignature("reset()"),
            ""
        ];
        VM.deal(sender, sender.balance + tick);
        VM.prank(sender);
        (bool done,) = address(control).call{value: who % 7 == 0 || who % 7 == 6 ? tick : 0}(calls[who % 7]);
        _check(!done, "a trespasser got through");
    }

    function force(uint256 amount) external watched {
        amount %= 1e20;
        VM.deal(address(this), amount);
        new Bomb{value: amount}(payable(address(control)));
        forced += amount;
    }

    /* TIME */

    function wait_(uint256 time) external watched {
        _now += time % 8 == 0 ? time % (2 * PERIOD) : time % (PERIOD / 3);
    }

    /// @notice Go to just before, at, or just after the next deadline of a session.
    function waitForDeadline(uint256 which, uint256 ahead) external watched {
        uint256 session = _next + ahead % 2;
        uint256 moment = control.bidsClose(session);
        if (which % 3 == 1) moment = control.revealsClose(session);
        if (which % 3 == 2) moment = control.meterDeadline(_next > 0 ? _next - 1 : 0);
        moment = moment - 1 + which / 3 % 3;
        if (moment > _now) _now = moment;
    }

    function changeFee(uint256 fee) external watched {
        _fee = fee % 2 == 0 ? fee % (feeCap + 1) : feeCap + fee % 3;
    }

    /// @notice Let every deadline pass: then every session can be decided and settled by a stranger,
    /// though all parties are silent.
    function finish() public watched {
        uint256 last = _next + RING;
        if (_now < control.meterDeadline(last)) _now = control.meterDeadline(last);
        VM.warp(_now);
        for (uint256 session = _next > RING ? _next - RING : 0; session < last; ++session) {
            if (session == _next) _decide(session);
            _check(_sessions[session].stage >= Stage.Decided, "a session is stuck before its decision");
            if (_sessions[session].stage == Stage.Decided) _settle(session);
            _check(_sessions[session].stage == Stage.Settled, "a session is stuck before its settlement");
        }
        _same(locked, 0, "ticks locked when all is settled");
        _count(this.finish.selector);
        _catchUp();
    }

    /// @dev Decide every session whose time is over.
    function _catchUp() private {
        while (_now >= control.revealsClose(_next)) {
            if (_next >= RING && _sessions[_next - RING].stage == Stage.Decided) _settle(_next - RING);
            _decide(_next);
        }
    }

    /// @notice Everybody takes out everything, and nothing is left but what was forced in.
    function everybodyLeaves() external watched {
        refuser.refuse(false);
        for (uint256 seat; seat < parties; ++seat) {
            address party = control.partyAt(seat);
            uint256 free = _free(seat);
            uint256 before = party.balance;
            _withdraw(seat, free);
            _same(party.balance - before, free * tick, "wei paid out");
        }
        _same(address(control).balance, forced, "wei left");
    }

    /* INVARIANTS */

    /// @notice What the contract owes, in wei.
    function owed() external view returns (uint256 sum) {
        sum = locked;
        for (uint256 seat; seat < parties; ++seat) sum += _free(seat);
        sum *= tick;
    }

    /// @dev Nobody loses a tick of its free deposit but by what it locks or withdraws itself.
    modifier watched() {
        VM.warp(_now);
        VM.fee(_fee);
        uint256[] memory before = _frees(control);
        uint256[] memory spent = new uint256[](parties);
        for (uint256 seat; seat < parties; ++seat) spent[seat] = _spent[seat];
        _;
        for (uint256 seat; seat < parties; ++seat) {
            uint256 gone = _spent[seat] - spent[seat];
            _check(_free(seat) + gone >= before[seat], "a party was made to pay");
        }
        VM.warp(_now);
        VM.fee(_fee);
    }

    /* HELPERS */

    function _agree(bool wanted, bool found, string memory what) private pure {
        _check(wanted == found, string.concat(what, found ? " was accepted" : " was refused"));
    }

    function _count(bytes4 action) private {
        ++accepted[action];
    }

    function _free(uint256 seat) private view returns (uint256) {
        return control.freeDeposits()[seat];
    }

    function _frees(SharedControl of_) private view returns (uint256[] memory free) {
        free = new uint256[](parties);
        uint96[] memory found = of_.freeDeposits();
        for (uint256 seat; seat < parties; ++seat) free[seat] = found[seat];
    }

    function _bits(uint256 blocked) private view returns (uint256[] memory bits) {
        bits = new uint256[](horizon);
        for (uint256 window; window < horizon; ++window) {
            bits[window] = blocked % 3 == 0 ? 0 : (blocked >> (8 * window)) % (1 << (parties + 1));
        }
    }

    function _withdraw(uint256 seat, uint256 ticks) private {
        bool wanted = ticks <= _free(seat) && !(seat == 1 && refuser.refusing());
        address party = control.partyAt(seat);
        VM.prank(party);
        try control.withdraw(seat, ticks) {
            _agree(wanted, true, "withdrawal");
            _spent[seat] += ticks;
            _count(this.withdraw.selector);
        } catch {
            _agree(wanted, false, "withdrawal");
        }
    }

    /* HELPERS: BIDS */

    function _bid(uint256 seat, uint256 session, uint256 seed) private {
        Pledge memory pledge;
        bool readable;
        (pledge.sent, pledge.fits, readable) = _compose(seed);
        if (hiding) {
            Sent memory sent = pledge.sent;
            pledge.seal = control.sealOf(seat, session, sent.covered, sent.bids, sent.salt);
            _commitTo(seat, session, pledge);
        } else {
            _submitAs(seat, session, pledge, readable);
        }
    }

    function _commitTo(uint256 seat, uint256 session, Pledge memory pledge) private {
        uint256 needed = _needed(pledge.sent.caps);
        bool wanted = hiding && _mayBid(seat, session, needed);
        address party = control.partyAt(seat);
        VM.prank(party);
        try control.commit(seat, session, pledge.sent.covered, pledge.sent.caps, pledge.seal) {
            _agree(wanted, true, "commitment");
            pledge.stage = Stage.Committed;
            _sessions[session].hidden |= 1 << seat;
            _pledged(seat, session, pledge, needed);
            _count(pledge.copied ? this.copySeal.selector : this.bid.selector);
        } catch {
            _agree(wanted, false, "commitment");
        }
    }

    function _submitAs(uint256 seat, uint256 session, Pledge memory pledge, bool readable) private {
        // In an open market the caps that are composed are the highest offers.
        uint256 needed = _needed(pledge.sent.caps);
        bool wanted = !hiding && readable && _mayBid(seat, session, needed);
        address party = control.partyAt(seat);
        VM.prank(party);
        try control.submit(seat, session, pledge.sent.covered, pledge.sent.bids) {
            _agree(wanted, true, "bid");
            pledge.stage = Stage.Revealed;
            (pledge.sent.caps, pledge.sent.salt) = ("", 0);
            _pledged(seat, session, pledge, needed);
            _count(this.bid.selector);
        } catch {
            _agree(wanted, false, "bid");
        }
    }

    function _pledged(uint256 seat, uint256 session, Pledge memory pledge, uint256 needed) private {
        _pledges[session][seat] = pledge;
        _sessions[session].bidders |= 1 << seat;
        _sessions[session].locked += needed;
        locked += needed;
        _spent[seat] += needed;
    }

    function _mayBid(uint256 seat, uint256 session, uint256 needed) private view returns (bool) {
        Session storage held = _sessions[session];
        bool early = session >= _next && session < _next + RING && _now < control.bidsClose(session);
        bool cheap = feeCap == 0 || (held.fee != 0 && held.fee - 1 <= feeCap);
        return early && cheap && held.bidders >> seat & 1 == 0 && needed <= _free(seat);
    }

    function _needed(bytes memory caps) private view returns (uint256 needed) {
        for (uint256 k; k < caps.length / 4; ++k) {
            needed += bond + uint32(bytes4(abi.encodePacked(caps[4 * k], caps[4 * k + 1], caps[4 * k + 2], caps[4 * k + 3])));
        }
    }

    /// @dev A bid by dice: mostly good, at times too long, unreadable, or above its cap.
    function _compose(uint256 seed) private view returns (Sent memory sent, bool fits, bool readable) {
        sent.covered = 1 + uint256(keccak256(abi.encode(seed, "covered"))) % ((1 << horizon) - 1);
        sent.salt = keccak256(abi.encode(seed, "salt"));
        (fits, readable) = (true, true);
        uint256 width = seed % 5 == 0 ? 4 : 2;
        bool points = !ranking && seed % 7 == 0;
        bytes memory named;
        if (!ranking) sent.bids = abi.encodePacked(uint8(width | (points ? 0x80 : 0)));
        for (uint256 window; window < horizon; ++window) {
            if (sent.covered >> window & 1 == 0) continue;
            uint256 dice = uint256(keccak256(abi.encode(seed, window)));
            uint256 highest;
            if (ranking) {
                sent.bids = abi.encodePacked(sent.bids, _permutation(dice));
            } else {
                for (uint256 option; option < options; ++option) {
                    uint256 offer = (dice >> (16 * option)) % (dice % 11 == 0 ? 60_000 : 6);
                    if (offer > highest) highest = offer;
                    sent.bids = width == 2
                        ? abi.encodePacked(sent.bids, uint16(offer))
                        : abi.encodePacked(sent.bids, uint32(offer));
                    int32 point = control.optionAt(option).low;
                    if (points && dice % 13 == 0) point -= 1;
                    named = abi.encodePacked(named, point);
                }
                if (points && dice % 13 == 0) readable = false;
            }
            if (hiding && dice % 9 == 0) highest = highest > 0 ? highest - 1 : 3;
            sent.caps = abi.encodePacked(sent.caps, uint32(highest));
        }
        if (points) sent.bids = abi.encodePacked(sent.bids, named);
        if (seed % 17 == 0) sent.bids = abi.encodePacked(sent.bids, new bytes(1 + seed % 3));
        if (seed % 17 == 1) sent.bids = "";
        if (seed % 17 < 2) (fits, readable) = (false, false);
        if (ranking && seed % 17 == 2) (sent.bids[0], readable) = (sent.bids[1], false);
    }

    function _permutation(uint256 dice) private view returns (bytes memory ranks) {
        ranks = new bytes(options);
        for (uint256 option; option < options; ++option) {
            uint256 other = (dice >> (8 * option)) % (option + 1);
            ranks[option] = ranks[other];
            ranks[other] = bytes1(uint8(option + 1));
        }
    }

    function _closed(uint256 session) private view returns (bool) {
        return _now >= control.bidsClose(session) || _sessions[session].bidders == (1 << parties) - 1;
    }

    function _reveal(uint256 seat, uint256 session) private {
        Pledge memory pledge = _pledges[session][seat];
        bool wanted = _closed(session) && _now < control.revealsClose(session)
            && pledge.stage == Stage.Committed && pledge.fits && !pledge.copied;
        VM.prank(STRANGER);
        try control.reveal(seat, session, pledge.sent) {
            _agree(wanted, true, "reveal");
            _pledges[session][seat].stage = Stage.Revealed;
            _sessions[session].hidden &= ~(1 << seat);
            _count(this.reveal.selector);
        } catch {
            _agree(wanted, false, "reveal");
        }
    }

    /* HELPERS: DECISION AND SETTLEMENT */

    function _presented(uint256 session) private view returns (Sent[] memory sent) {
        sent = new Sent[](parties);
        for (uint256 seat; seat < parties; ++seat) {
            Pledge memory pledge = _pledges[session][seat];
            if (pledge.stage == Stage.Revealed) sent[seat] = pledge.sent;
            if (pledge.stage == Stage.Committed) sent[seat] = _hidden(pledge.sent, pledge.seal);
        }
    }

    function _decide(uint256 session) private {
        Session storage held = _sessions[session];
        bool dear = held.fee > feeCap + 1;
        bool wanted = session == _next && (dear || _closed(session))
            && (held.hidden == 0 || _now >= control.revealsClose(session))
            && (session < RING || _sessions[session - RING].stage == Stage.Settled);
        Sent[] memory sent = _presented(session);
        VM.recordLogs();
        VM.prank(STRANGER);
        try control.decide(session, sent) {
            _agree(wanted, true, "decision");
            held.outcome = _decided(control);
            held.stage = Stage.Decided;
            ++_next;
            _same(control.nextSession(), _next, "next session");
            _replay(session);
            _count(this.decide.selector);
        } catch {
            _agree(wanted, false, "decision");
        }
    }

    function _settle(uint256 session) private {
        bool wanted = _sessions[session].stage == Stage.Decided && _now >= control.meterDeadline(session);
        uint256[] memory before = _frees(control);
        VM.prank(STRANGER);
        try control.settle(session, _sessions[session].outcome) {
            _agree(wanted, true, "settlement");
            _settled(session, before, new uint256[](horizon));
            _count(this.settle.selector);
        } catch {
            _agree(wanted, false, "settlement");
        }
    }

    /// @dev Settlement frees what was locked, and shares it out as on the mirror.
    function _settled(uint256 session, uint256[] memory before, uint256[] memory blocked) private {
        uint256[] memory mirrored = _frees(mirror);
        _report(mirror, session, _sessions[session].outcome, blocked);
        uint256[] memory afterwards = _frees(control);
        uint256[] memory reflected = _frees(mirror);
        uint256 sum;
        for (uint256 seat; seat < parties; ++seat) {
            uint256 credit = afterwards[seat] - before[seat];
            _same(credit, reflected[seat] - mirrored[seat], "credits on the mirror");
            sum += credit;
        }
        _same(sum, _sessions[session].locked, "credits and locks");
        locked -= _sessions[session].locked;
        _sessions[session].stage = Stage.Settled;
    }

    /// @dev The same bids in the other order, late, revealed by strangers, decided at the last moment.
    function _replay(uint256 session) private {
        Session storage held = _sessions[session];
        Sent[] memory sent = _presented(session);
        if (held.fee != 0) {
            VM.warp(control.bidsClose(session) - 1);
            VM.fee(held.fee - 1);
            mirror.open(session);
            VM.fee(0);
        }
        VM.warp(control.bidsClose(session) - 1);
        for (uint256 left = parties; left > 0; --left) {
            uint256 seat = left - 1;
            Pledge memory pledge = _pledges[session][seat];
            if (pledge.stage == Stage.Nothing) continue;
            if (!hiding) _submit(mirror, seat, session, pledge.sent);
            if (hiding) sent[seat].salt = _commit(mirror, seat, session, pledge.sent);
        }
        VM.warp(control.revealsClose(session) - 1);
        for (uint256 left = parties; left > 0; --left) {
            uint256 seat = left - 1;
            Pledge memory pledge = _pledges[session][seat];
            if (pledge.stage != Stage.Revealed) continue;
            if (hiding) mirror.reveal(seat, session, pledge.sent);
            sent[seat].salt = pledge.sent.salt;
        }
        VM.warp(control.revealsClose(session));
        bytes memory outcome = _decide(mirror, session, sent);
        _check(keccak256(outcome) == keccak256(held.outcome), "the mirror came to another outcome");
        _same(mirror.authority(), control.authority(), "authority on the mirror");
        VM.warp(_now);
        VM.fee(_fee);
    }

    function _forged(uint256 session, int32[] memory flows, uint256[] memory bits, uint256 how)
        private
        view
        returns (bytes memory)
    {
        bytes32 digest = _digest(control, block.chainid, session, flows, bits);
        if (how == 0) return _signedBy(METER_KEY + 1, digest);
        if (how == 1) return _signed(mirror, session, flows, bits);
        if (how == 2) return _signed(control, session + 1, flows, bits);
        if (how == 3) return _signedBy(METER_KEY, _digest(control, block.chainid + 1, session, flows, bits));
        if (how == 4) return "";
        if (how == 5) return new bytes(65);
        if (how < 8) return _signedBy(METER_KEY, digest);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(METER_KEY, digest);
        return abi.encodePacked(r, bytes32(N - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }
}
