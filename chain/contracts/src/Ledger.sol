// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import "./Errors.sol";

/// @notice What the parties of every market agree at deployment, and nobody can change.
/// @param parties Who holds seat 0, 1, …
/// @param meter Whose signature a report must carry.
/// @param horizon How many windows a session has: one, or a day's.
/// @param tick What a tick is worth, in wei.
/// @param period Seconds between the closing of one session and the next's.
struct Founding {
    address[] parties;
    address meter;
    uint256 horizon;
    uint256 tick;
    uint256 period;
}

/// @title Accounts, pledges and outcomes of a market that is held in sessions
/// @notice What markets of any kind have in common: who takes part, deposits and withdrawals, what
/// was sent for a session, its outcome, and the meter's signature. What is sent, and what comes of
/// it, is for the heirs.
/// @dev
/// - Nobody owns the contract: no upgrade, no reset, no pause.
/// - Of what is sent and of an outcome only a tagged hash is stored, in slots that are used again
///   `RING` sessions later. Both come back as calldata, from the event log, and are checked.
/// - Money is counted in ticks inside, and moves out only by `withdraw`.
/// - The contract's balance is never less than all free deposits and locks.
abstract contract Ledger is EIP712 {
    using SafeCast for uint256;

    /* CONSTANTS */

    /// @notice The most that may be paid in at once, in ticks.
    uint256 public constant MOST = 1e15;
    /// @notice How many sessions can be in flight: from the first that is sent to the settlement.
    uint256 public constant RING = 8;

    /// @dev Seats are numbered in 16 bits.
    uint256 private constant SEATS = 1 << 16;

    uint256 private constant DECIDED = 3;
    uint256 private constant SETTLED = 4;

    /* TERMS */

    /// @notice Whose signature a report must carry.
    address public immutable METER;
    /// @notice How many seats there are.
    uint256 public immutable PARTIES;
    /// @notice How many windows a session has.
    uint256 public immutable HORIZON;
    /// @notice What a tick is worth, in wei.
    uint256 public immutable TICK;
    /// @notice When session 0 opened, in seconds of block time.
    uint256 public immutable OPENING;
    /// @notice Seconds between the closing of one session and the next's.
    uint256 public immutable PERIOD;

    /* STORAGE */

    /// @dev 96 bits of ticks hold more ether than there is, even at a wei each: nobody can fill an
    /// account so far that a settlement which credits it fails.
    struct Account {
        address party;
        uint96 free;
    }

    mapping(uint256 seat => Account) private _accounts;
    mapping(uint256 place => uint256 tagged) private _pledges;
    mapping(uint256 place => uint256 tagged) private _outcomes;

    /// @notice The first session that is not decided.
    uint64 public nextSession;

    /* EVENTS */

    /// @notice Money came in, in ticks.
    event Deposited(uint256 indexed seat, uint256 ticks);
    /// @notice Every lock of the session was freed; `credits` in ticks.
    event SessionPaid(uint256 indexed session, uint256[] credits);
    /// @notice Money went out, in ticks.
    event Withdrawn(uint256 indexed seat, uint256 ticks);

    /* CONSTRUCTOR */

    constructor(Founding memory founding) EIP712("gridpact", "1") {
        PARTIES = founding.parties.length;
        require(PARTIES >= 2 && PARTIES < SEATS, TermsRefused("parties"));
        // No signature recovers to zero but a bad one.
        require(founding.meter != address(0), TermsRefused("meter"));
        require(founding.horizon > 0 && founding.horizon <= 64, TermsRefused("horizon"));
        require(founding.tick > 0, TermsRefused("tick"));
        require(founding.period > 0, TermsRefused("period"));
        for (uint256 seat; seat < PARTIES; ++seat) {
            address party = founding.parties[seat];
            require(party != address(0), TermsRefused("parties"));
            for (uint256 other; other < seat; ++other) {
                require(founding.parties[other] != party, TermsRefused("parties"));
            }
            _accounts[seat].party = party;
        }
        METER = founding.meter;
        HORIZON = founding.horizon;
        TICK = founding.tick;
        PERIOD = founding.period;
        OPENING = block.timestamp;
    }

    /* DEPOSIT AND WITHDRAWAL */

    /// @notice Pay the sender's ether into its account, in whole ticks.
    function deposit(uint256 seat) external payable {
        Account memory account = _accountOf(seat);
        require(msg.value % TICK == 0, DepositRefused(msg.value, TICK));
        uint256 ticks = msg.value / TICK;
        require(ticks <= MOST, DepositRefused(ticks, MOST));

        _accounts[seat].free = (account.free + ticks).toUint96();

        emit Deposited(seat, ticks);
    }

    /// @notice Send ticks of the sender's free deposit to the sender.
    function withdraw(uint256 seat, uint256 ticks) external {
        Account memory account = _accountOf(seat);
        require(account.free >= ticks, BalanceTooSmall(seat, account.free, ticks));

        _accounts[seat].free = (account.free - ticks).toUint96();

        emit Withdrawn(seat, ticks);
        Address.sendValue(payable(msg.sender), ticks * TICK);
    }

    /* VIEWS */

    /// @notice What each seat could withdraw now, in ticks.
    function freeDeposits() external view returns (uint96[] memory free) {
        free = new uint96[](PARTIES);
        for (uint256 seat; seat < PARTIES; ++seat) free[seat] = _accounts[seat].free;
    }

    /// @notice Who holds a seat.
    function partyAt(uint256 seat) public view returns (address) {
        return _accounts[seat].party;
    }

    /// @notice When a session closes: nothing is taken for it any more, in seconds of block time.
    function bidsClose(uint256 session) public view returns (uint256) {
        return OPENING + (session + 1) * PERIOD;
    }

    /// @notice When a session may be settled without a report: a period for delivery, one for the meter.
    function meterDeadline(uint256 session) public view virtual returns (uint256) {
        return bidsClose(session) + 2 * PERIOD;
    }

    /* ACCOUNTS, for the heirs */

    /// @dev The account of a seat, which the sender must hold.
    function _accountOf(uint256 seat) internal view returns (Account memory account) {
        account = _accounts[seat];
        require(account.party == msg.sender, NotAParty(msg.sender));
    }

    /// @dev Take what is needed out of the free deposit of a seat.
    function _lock(uint256 seat, uint256 needed) internal {
        uint256 free = _accounts[seat].free;
        require(free >= needed, DepositTooSmall(seat, free, needed));
        _accounts[seat].free = (free - needed).toUint96();
    }

    /// @dev Free what a session owes to each seat.
    function _credit(uint256 session, uint256[] memory credits) internal {
        for (uint256 seat; seat < PARTIES; ++seat) {
            _accounts[seat].free = (_accounts[seat].free + credits[seat]).toUint96();
        }

        emit SessionPaid(session, credits);
    }

    /* PLEDGES, for the heirs */

    /// @dev Whether anything can be sent for a session: it is not over, nor too far ahead.
    function _checkOpen(uint256 session) internal view {
        uint256 next = nextSession;
        bool early = session >= next && session < next + RING;
        require(early && block.timestamp < bidsClose(session), WindowClosed(session));
    }

    /// @dev What is recorded for a seat; of this session or of an earlier one.
    function _pledge(uint256 session, uint256 seat) internal view returns (uint256) {
        return _pledges[_place(session, seat)];
    }

    function _setPledge(uint256 session, uint256 seat, uint256 state, bytes32 digest) internal {
        _pledges[_place(session, seat)] = _tagged(session, state, digest);
    }

    /// @dev Whether something is recorded for a seat and this session.
    function _pledged(uint256 session, uint256 seat) internal view returns (bool) {
        return _belongs(_pledge(session, seat), session);
    }

    /* OUTCOMES, for the heirs */

    /// @dev A session is decided after all before it, once the place of its outcome is free.
    function _checkNext(uint256 session) internal view {
        require(session == nextSession, WindowOutOfOrder(session, nextSession));
        require(_stateOf(_outcomes[session % RING]) != DECIDED, WindowNotReady(session));
    }

    /// @dev Record the outcome of the next session.
    function _decided(uint256 session, bytes32 digest) internal {
        nextSession = (session + 1).toUint64();
        _outcomes[session % RING] = _tagged(session, DECIDED, digest);
    }

    /// @dev Record that a session is settled, by the outcome that was recorded, and for the first time.
    function _settled(uint256 session, bytes32 digest) internal {
        uint256 tagged = _outcomes[session % RING];
        require(session < nextSession, WindowNotReady(session));
        bool held = _belongs(tagged, session) && _stateOf(tagged) == DECIDED;
        require(held, WindowSettled(session));
        require(tagged == _tagged(session, DECIDED, digest), OutcomeMismatch(session));

        _outcomes[session % RING] = _tagged(session, SETTLED, bytes32(0));
    }

    /// @dev Whether the meter signed a struct, by its hash (EIP-712).
    function _checkMeter(bytes32 structHash, bytes calldata signature) internal view {
        (address signer,,) = ECDSA.tryRecover(_hashTypedDataV4(structHash), signature);
        require(signer == METER, NotTheMeter(signer));
    }

    /* TAGS */

    /// @dev 184 bits of a hash, the state in 8, and the session, counted from one, in 64.
    function _tagged(uint256 session, uint256 state, bytes32 digest) internal pure returns (uint256) {
        return uint256(digest) << 72 | state << 64 | (session + 1);
    }

    function _stateOf(uint256 tagged) internal pure returns (uint256) {
        return (tagged >> 64) & 0xff;
    }

    function _belongs(uint256 tagged, uint256 session) internal pure returns (bool) {
        return uint64(tagged) == session + 1;
    }

    function _place(uint256 session, uint256 seat) private pure returns (uint256) {
        return (session % RING) * SEATS + seat;
    }
}
