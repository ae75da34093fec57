"""What a statement of the paper is, and what became of it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from experiments.paper.gas import Sweep
from experiments.paper.reproduce import Reproduction

Verdict: TypeAlias = Literal["holds", "partly", "does not hold", "not checkable"]

Need: TypeAlias = Literal["costs", "no-link", "physics", "gas"]

MISSING: Final[dict[Need, str]] = {
    "costs": "",
    "no-link": "the cost table has no rows without the link",
    "physics": "a cost table says nothing about networks",
    "gas": "nothing was run on a chain",
}
"""Why a statement cannot be checked, by what it needs."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that statements are held against."""

    run: Reproduction

    sweep: Sweep | None
    """None where nothing was run on a chain."""

    def has(self, need: Need) -> bool:
        """Return whether something that a check needs is there."""
        return {
            "costs": True,
            "no-link": self.run.seen.no_link_gbp is not None,
            "physics": self.run.seen.appraisal is not None,
            "gas": self.sweep is not None,
        }[need]


@dataclass(frozen=True)
class Finding:
    """What was found."""

    here: str
    verdict: Verdict


@dataclass(frozen=True)
class Statement:
    """A sentence of the paper that can be held against numbers."""

    claim: str
    place: str
    """Figure or section of the paper."""

    published: str
    """The paper's number or word."""

    how: str
    """How the finding is computed."""

    check: Callable[[Evidence], Finding]

    needs: tuple[Need, ...] = ("costs",)


@dataclass(frozen=True)
class Claim:
    """A statement with what was found: a row of the table."""

    claim: str
    place: str
    published: str
    here: str
    verdict: Verdict
    how: str


def judge(statement: Statement, evidence: Evidence) -> Claim:
    """Hold a statement against the evidence, if it has what the check needs."""
    missing = [need for need in statement.needs if not evidence.has(need)]
    if missing:
        found = Finding(MISSING[missing[0]], "not checkable")
    else:
        found = statement.check(evidence)
    return Claim(
        claim=statement.claim,
        place=statement.place,
        published=statement.published,
        here=found.here,
        verdict=found.verdict,
        how=statement.how,
    )


def always(share: float) -> Verdict:
    """Judge the word *always* by the share of cases.

    >>> always(1.0), always(0.995), always(0.4)
    ('holds', 'partly', 'does not hold')
    """
    if share == 1:
        return "holds"
    return "partly" if share > 0.5 else "does not hold"


def often(share: float) -> Verdict:
    """Judge the word *often* by the share of cases.

    >>> often(0.5), often(0.1), often(0.0)
    ('holds', 'partly', 'does not hold')
    """
    if share >= 0.5:
        return "holds"
    return "partly" if share > 0 else "does not hold"


def plainly(true: bool) -> Verdict:
    """Judge a fact.

    >>> plainly(True), plainly(False)
    ('holds', 'does not hold')
    """
    return "holds" if true else "does not hold"
