"""An audit in sentences: its answer, and what it rests on."""

from collections.abc import Mapping
from typing import Any, Final

from experiments.audit.bid_games import ROUNDS, STEPS, WINDOWS
from experiments.audit.contenders import name_of
from experiments.audit.trials import Audit
from experiments.tournament.report import HONESTY

ASSUMED: Final = (
    "All bid the truth but one party, which bids last, knows all bids of the window and "
    "makes the bid that serves it best; each window on its own. Authority passes on in "
    "sequence, as if all had been truthful, from the first party in the first window.",
    "A MWh transferred is the absolute middle of the truthful outcome's option over half "
    "an hour; gains are summed over loadings and days, and divided by it. Set-points are "
    "the middles of options.",
    "Sealed: the party takes the others' bids of the window before for those of this one. "
    "A better guess would gain more, so that the share which sealing removes is an upper "
    "bound. What it might learn from the public caps of sealed bids is not counted.",
    "Blocking: whoever isolates its busbar has no link in that window, and its payment "
    "stands. Bonds are those at which it no longer pays in any window.",
    f"If all look for better bids: a double oracle from the truth, in up to {WINDOWS} windows "
    "of each mechanism; every party answers the others' mixture by the best of all bids. "
    f"Offers are in steps of which the most that an option is worth is {STEPS}, and a gain of "
    "one step moves nobody; what is reached is judged again in single ticks. Not proved: no "
    f"new bid was found that gains more, but one may exist. Given up: after "
    f"{ROUNDS['offers']} rounds of offers or {ROUNDS['ranks']} of ranks, or as too large. "
    "Of these, gains are the largest found at what is known to be nearest to an equilibrium. "
    "An end is one equilibrium; there may be others.",
    "For Gini and Jain a loss against no link counts as no gain. The best fixed option is "
    "one for all windows of a loading, known only afterwards.",
)
"""What the numbers of every audit rest on."""

UNTRIED: Final = "best responses under a lottery are known for two parties alone"

NOTES: Final = {
    "rps-pareto": (
        "truth is the best bid because whoever holds authority gets its own first choice, "
        "whatever that costs the others",
    ),
    "vcg": (
        "what the parties pay goes to none of them, and it resists one party alone, not two "
        "who agree on their bids",
    ),
}
"""What to know where a number could mislead."""


def answer(said: Mapping[str, Any]) -> list[str]:
    """Return the findings in sentences, the number that counts first."""
    known = [m for m in said["mechanisms"] if m["exploitability_gbp_mwh"] is not None]
    if not known:
        return ["No exploitability is known for what was audited."]
    best, worst = known[0], known[-1]
    if worst["exploiter"] is None:
        return [f"No party gains by a misreport under {', '.join(map(name_of, known))}."]
    least = [m for m in known[:-1] if exploitability(m) == exploitability(best)]
    sentences = [
        f"Most exploitable is {name_of(worst)}: GBP {worst['exploitability_gbp_mwh']:,.2f} for "
        f"each MWh transferred, which {worst['exploiter']} gains by its best misreport over "
        f"truth (GBP {worst['exploitability_gbp_day']:,.0f} a day)."
    ]
    if least:
        sentences.append(
            f"Least exploitable: {' and '.join(map(name_of, least))}, at GBP "
            f"{best['exploitability_gbp_mwh']:,.2f}."
        )
    return sentences + _of_the_worst(worst)


def assumptions(found: Audit) -> list[str]:
    """Return what the numbers rest on."""
    scenario, seen = found.scenario, found.seen
    said = [
        f"Loadings: {', '.join('-'.join(w.pair) for w in found.worlds)}; {seen.days} "
        f"day{'s' * (seen.days > 1)}; {len(seen.options)} options; seed {scenario.seed}.",
        *ASSUMED,
    ]
    if seen.no_link_gbp is None:
        said.append("Costs without the link are not known: no gains against it, no blocking.")
    if seen.appraisal is None:
        return [*said, "Costs come from a table: no losses, exchange or breaches."]
    return [*said, HONESTY] if scenario.grid.case == "anglesey" else said


def exploitability(mechanism: Mapping[str, Any]) -> tuple[bool, float]:
    """Order mechanisms by exploitability, not known last."""
    value = mechanism["exploitability_gbp_mwh"]
    return value is None, value or 0.0


def _of_the_worst(mechanism: Mapping[str, Any]) -> list[str]:
    """Return sentences on the party that gains most under the most exploitable mechanism."""
    party = next(p for p in mechanism["parties"] if p["party"] == mechanism["exploiter"])
    sealing, changes = party["sealing"], party["misreport_changes"]
    return [
        f"It has such a bid in {percent(party['gain']['share_of_windows'])} of windows. It "
        f"{_moves(changes['others_cost_gbp_day'], 'the net cost of the others')} a day, and "
        f"{_moves(changes['total_cost_gbp_day'], 'the cost of all networks together')}.",
        f"If bids are sealed, and it guesses that the others bid as in the window before, "
        f"GBP {sealing['sealed_gbp_day']:,.0f} a day of the gain are left: sealing takes "
        f"{percent(sealing['removes_share'])}.",
        *_if_all_do(mechanism),
        *_off_the_link(party),
        *_bonds(mechanism),
    ]


def _if_all_do(mechanism: Mapping[str, Any]) -> list[str]:
    """Return where it ends if all parties look for better bids."""
    game = mechanism["bid_game"]
    if game is None:
        return []
    ended, ratio = game["pure_share"] + game["mixed_share"], game["equilibria_cost_over_truth"]
    told = f"If all parties look for better bids, {percent(ended)} of {game['windows']} windows"
    if not ended:
        return [f"{told} that were followed end in an equilibrium that is proved."]
    cost = f", at {ratio:.3f} times the truth's cost of all networks together" if ratio else ""
    return [
        f"{told} that were followed end where no other bid gains a party more than GBP "
        f"{game['equilibria_at_most_gbp']:,.2f}{cost}."
    ]


def _off_the_link(party: Mapping[str, Any]) -> list[str]:
    """Return what truth leaves a party against no link."""
    alone, paid = party["against_no_link"], party["payments"]
    if alone is None:
        return []
    gain, lost = alone["gain_gbp_day"], percent(alone["share_of_days_worse"])
    side = "better" if gain >= 0 else "worse"
    return [
        f"If all are truthful, {party['party']} pays in "
        f"{percent(paid['pays_share_of_windows'])} of windows, GBP "
        f"{paid['net_gbp_day']:,.0f} a day net, and is GBP {abs(gain):,.0f} a day {side} off "
        f"than without the link; it is worse off on {lost} of days."
    ]


def _bonds(mechanism: Mapping[str, Any]) -> list[str]:
    """Return which bonds keep all parties from blocking."""
    blocking = [party["blocking"] for party in mechanism["parties"]]
    if None in blocking:
        return []
    truthful = max(one["truthful_bond_gbp"] for one in blocking)
    said = f"No truthful party gains by blocking an award from a bond of GBP {truthful:,.2f} on"
    bent = [one["misreporting_bond_gbp"] for one in blocking]
    if None in bent:
        return [f"{said}."]
    return [f"{said}; who bids in order to block, from one of GBP {max(bent):,.2f} on."]


def _moves(change_gbp: float, what: str) -> str:
    """Return a change in words.

    >>> _moves(-3.0, "it"), _moves(0.001, "it")
    ('lowers it by GBP 3', 'leaves it as it is')
    """
    if round(change_gbp) == 0:
        return f"leaves {what} as it is"
    return f"{'raises' if change_gbp > 0 else 'lowers'} {what} by GBP {abs(change_gbp):,.0f}"


def percent(share: float) -> str:
    """Return a share in per cent.

    >>> percent(0.5)
    '50 %'
    """
    return f"{100 * share:.0f} %"
