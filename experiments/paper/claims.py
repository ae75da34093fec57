"""Every statement of the paper that can be checked, in the order of its text.

L. Thomas, Y. Zhou, C. Long, J. Wu, N. Jenkins, "A general form of smart contract for
decentralised energy systems management", Nature Energy 4, 2019.
"""

from typing import Final

from experiments.paper import checks, gas_checks, grid_checks
from experiments.paper.gas import PAPER_BLOCKS
from experiments.paper.gas_checks import PAPER_SHARE
from experiments.paper.statements import Claim, Evidence, Finding, Statement, judge

CASE: Final = "Model and scenarios"
GAS: Final = "Smart contract execution"
PLAY: Final = "Performance"


def _not_modelled(_: Evidence) -> Finding:
    """Say that profiles are half-hourly."""
    return Finding("profiles are half-hourly", "not checkable")


def _published_gas(mechanism: str) -> str:
    gas = PAPER_SHARE[mechanism] * PAPER_BLOCKS.gas_limit
    return f"{PAPER_SHARE[mechanism]:.1%} of a block = {gas:,.0f}"


STATEMENTS: Final = (
    Statement(
        claim="The island has 3 wind farms and 2 solar farms",
        place=CASE,
        published="34.7 MW; 28.5 MW",
        how="capacities of the network file",
        check=grid_checks.generation,
        needs=("physics",),
    ),
    Statement(
        claim="High demand and high generation triple the normal scenario",
        place="Fig. 2",
        published="3 x demand, 3 x generation",
        how="factors of the load flows",
        check=grid_checks.factors,
        needs=("physics",),
    ),
    Statement(
        claim="Converters of 30 MVA hold the terminals at 1 p.u.",
        place="Methods, eqs. (5)-(8)",
        published="within their reactive power",
        how="voltage and reactive power in every load flow",
        check=grid_checks.terminals,
        needs=("physics",),
    ),
    Statement(
        claim="The link's range is divided into 13 options",
        place=CASE,
        published="12 of 5 MW and 0 MW",
        how="intervals negotiated about",
        check=checks.options,
    ),
    Statement(
        claim="Algorithm 1 selects the highest combined offer, ties by authority",
        place="Methods",
        published="pseudocode",
        how="as printed, on all offers: ties go to the first bin, c > 0 is wanted",
        check=checks.algorithm_1,
    ),
    Statement(
        claim="Algorithm 2 keeps the options that are not dominated",
        place="Methods",
        published="pseudocode",
        how="as printed, on all ranks: line 4 has the wrong sign",
        check=checks.algorithm_2,
    ),
    Statement(
        claim="RPS is one rule in the Methods and in the legends",
        place="Methods; Figs. 3, 8",
        published="any undominated option; the lowest rank sum of these",
        how="day's cost over no link, mean of nine pairs, by either reading",
        check=checks.two_readings,
        needs=("no-link",),
    ),
    Statement(
        claim="A transaction with the HCO contract",
        place="Methods",
        published=_published_gas("hco"),
        how="mean of all transactions of the nine pairs; their contract is not public",
        check=gas_checks.gas_of_hco,
        needs=("gas",),
    ),
    Statement(
        claim="A transaction with the RPS contract",
        place="Methods",
        published=_published_gas("rps"),
        how="mean of all transactions of the nine pairs; their contract is not public",
        check=gas_checks.gas_of_rps,
        needs=("gas",),
    ),
    Statement(
        claim="Two transactions each half-hour",
        place=GAS,
        published="2",
        how="transactions of a window",
        check=gas_checks.transactions,
        needs=("gas",),
    ),
    Statement(
        claim="HCO would use this share of half-hourly capacity",
        place=GAS,
        published="0.15 %",
        how="19.6 % / (1800 s / 14 s); today's blocks: 60 M gas (EIP-7935) each 12 s",
        check=gas_checks.capacity_of_hco,
        needs=("gas",),
    ),
    Statement(
        claim="RPS would use this share of half-hourly capacity",
        place=GAS,
        published="0.09 %",
        how="11.7 % / (1800 s / 14 s); today's blocks: 60 M gas (EIP-7935) each 12 s",
        check=gas_checks.capacity_of_rps,
        needs=("gas",),
    ),
    Statement(
        claim="HCO's gas is linear in the number of options",
        place="Fig. 7",
        published="linear",
        how="fits to the total gas; the simplest that explains 99.9 % of variance",
        check=gas_checks.hco_is_linear,
        needs=("gas",),
    ),
    Statement(
        claim="RPS's gas is exponential in the number of options",
        place="Fig. 7",
        published="exponential",
        how="fits to the total gas; the simplest that explains 99.9 % of variance",
        check=gas_checks.rps_is_exponential,
        needs=("gas",),
    ),
    Statement(
        claim="This is likely due to the nested loops",
        place=GAS,
        published="nested loops",
        how="gas of rps-pareto against that of rps",
        check=gas_checks.nested_loops,
        needs=("gas",),
    ),
    Statement(
        claim="HCO costs more gas than RPS up to 43 options",
        place="Fig. 7",
        published="43",
        how="first count from which RPS stays dearer",
        check=gas_checks.crossing,
        needs=("gas",),
    ),
    Statement(
        claim="Narrower options might lower network cost",
        place=GAS,
        published="expected",
        how="day's cost over no link with 7, 13, 61 options, load flows at each",
        check=grid_checks.finer_options,
        needs=("physics", "gas"),
    ),
    Statement(
        claim="Shorter negotiation periods might lower network cost",
        place=GAS,
        published="expected",
        how="",
        check=_not_modelled,
    ),
    Statement(
        claim="HCO always selects the lowest total cost",
        place=f"{PLAY}; Fig. 8",
        published="always",
        how="chosen against least sum of costs, to the rounding of offers to ticks",
        check=checks.least_cost_under_hco,
    ),
    Statement(
        claim="RPS often deviates from the lowest total cost",
        place=f"{PLAY}; Fig. 8",
        published="often",
        how="chosen against least sum of costs",
        check=checks.departures_of_rps,
    ),
    Statement(
        claim="... especially when Network 1 has high demand",
        place="Fig. 8, central column",
        published="high demand",
        how="set-points of HCO and RPS, mean distance; half-hours above the least cost",
        check=checks.departures_by_loading,
    ),
    Statement(
        claim="The link lowers the total cost",
        place="Fig. 9",
        published="below 1",
        how="day's cost of both networks over no link",
        check=checks.total_below_no_link,
        needs=("no-link",),
    ),
    Statement(
        claim="Network 1 is more sensitive, and bids higher",
        place=f"{PLAY}; Fig. 4",
        published="relatively high bids",
        how="worst less best cost, mean of half-hours",
        check=checks.sensitivity,
    ),
    Statement(
        claim="Network 1 always pays Network 2",
        place=PLAY,
        published="always",
        how="payments of HCO above nothing",
        check=checks.who_pays,
    ),
    Statement(
        claim="Under HCO Network 1 often has higher costs than without the link",
        place=PLAY,
        published="often",
        how="cost and payment against no link",
        check=checks.network_1_dearer_under_hco,
        needs=("no-link",),
    ),
    Statement(
        claim="... with Network 2 the beneficiary",
        place=PLAY,
        published="beneficiary",
        how="cost less what it receives against no link",
        check=checks.network_2_gains_under_hco,
        needs=("no-link",),
    ),
    Statement(
        claim="The benefit is not evenly shared",
        place=PLAY,
        published="not evenly",
        how="savings of a day, payments included, mean of nine pairs",
        check=checks.uneven_benefit,
        needs=("no-link",),
    ),
    Statement(
        claim="Network 1 could reduce its offers significantly",
        place=PLAY,
        published="significantly",
        how="its cost and payment if it offers 0 to 100 % of the truth, Network 2 true",
        check=checks.lower_offers,
    ),
    Statement(
        claim="RPS gives equal weight to both networks' preferences",
        place=PLAY,
        published="equal",
        how="mean rank of the chosen option by Network 1 and by Network 2",
        check=checks.equal_weight,
    ),
    Statement(
        claim="Under RPS nobody pays",
        place=PLAY,
        published="no payment",
        how="sum of payments",
        check=checks.no_payment_under_rps,
    ),
    Statement(
        claim="Under RPS both networks have lower costs than without the link",
        place=PLAY,
        published="both",
        how="cost against no link",
        check=checks.both_gain_under_rps,
        needs=("no-link",),
    ),
    Statement(
        claim="Under RPS Network 2 can inflict costs on Network 1",
        place=PLAY,
        published="can",
        how="Network 1 above and Network 2 below its cost without the link",
        check=checks.costs_inflicted_under_rps,
        needs=("no-link",),
    ),
)


def judge_all(evidence: Evidence) -> tuple[Claim, ...]:
    """Hold every statement against the evidence."""
    return tuple(judge(statement, evidence) for statement in STATEMENTS)
