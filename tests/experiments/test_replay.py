"""The audit of memory by the contract: what it draws, what it says, and what it catches."""

from dataclasses import replace

import pytest

from experiments.errors import CheckFailed
from experiments.tournament import replay
from experiments.tournament.files import analyse
from experiments.tournament.replay import SAMPLE, replayed
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament

NINE = ("truthful", "shaded", "random")


@pytest.fixture(scope="module")
def played():
    return small_tournament()


def test_runs_that_come_out_alike_pass_and_are_counted(played):
    found = replayed(played, [])

    assert found.runs == played.runs
    assert (found.drawn, found.negotiations) == (4, 8)
    assert found.sentence() == (
        "4 runs drawn at random, 8 negotiations in all, were played again on the contract's "
        "bytecode (revm): every option, payment and tie was the same."
    )


def test_profiles_that_were_not_drawn_are_played_again_besides():
    played = small_tournament(small_scenario(*NINE, mechanisms=("hco", "rps")))
    drawn = replayed(played, [])
    left = next(run for run in played.runs if run not in drawn.runs)

    found = replayed(played, [(left.mechanism, left.strategies)] * 2)

    assert len(drawn.runs) == drawn.drawn == 2 * SAMPLE
    assert {run.mechanism for run in drawn.runs} == {"hco", "rps"}
    assert found.runs == (*drawn.runs, left)
    assert found.drawn == 2 * SAMPLE
    assert " drawn at random and 1 of equilibrium profiles, 26 negotiations" in found.sentence()


def test_a_profile_is_played_again_on_the_first_pair_of_loadings_and_first_replicate():
    pairs = ("N", "D"), ("D", "N")
    scenario = small_scenario(*NINE, pairs=pairs).with_changes("play", replicates=2)
    played = small_tournament(scenario, small_study(loadings=("N", "D")))
    drawn = replayed(played, []).runs
    profile = next(
        run.strategies for run in played.runs
        if run.strategies not in {other.strategies for other in drawn}
    )  # fmt: skip

    found = replayed(played, [("hco", profile)])

    assert (found.runs[-1].pair, found.runs[-1].replicate) == (("N", "D"), 0)


def test_the_sample_depends_on_the_seed_alone():
    scenario, other = small_scenario(*NINE), small_scenario(*NINE, seed=5)

    first = replayed(small_tournament(scenario), []).runs

    assert replayed(small_tournament(scenario), []).runs == first
    assert replayed(small_tournament(other), []).runs != first


@pytest.mark.parametrize("column", ["net_cost_gbp", "payments_gbp", "stopped_windows"])
def test_a_payoff_that_was_tampered_with_is_found_and_the_run_named(played, column):
    rows = played.payoffs.copy()
    rows.loc[3, column] += 0.01  # truthful against indifferent

    with pytest.raises(CheckFailed) as caught:
        replayed(replace(played, payoffs=rows), [])

    assert str(caught.value) == (
        "hco, N-N, truthful against indifferent: alone it comes out otherwise than with the "
        "others"
    )


@pytest.mark.parametrize(
    "name", ["option", "set_point_mw", "stopped", "cost_gbp", "paid", "authority",
             "authority_used"]
)  # fmt: skip
def test_a_contract_that_comes_out_otherwise_is_found_and_the_run_named(
    played, name, monkeypatch
):
    def differing(scenario, cases, runs, agreed):
        out = play(scenario, cases, runs, agreed)
        if scenario.chain.venue == "local" or runs[0].strategies[0] == "truthful":
            return out
        array = getattr(out, name).copy()
        array[..., -1] = ~array[..., -1] if array.dtype == bool else array[..., -1] + 1
        return replace(out, **{name: array})

    play = replay.play
    monkeypatch.setattr(replay, "play", differing)

    with pytest.raises(CheckFailed) as caught:
        replayed(played, [])

    assert str(caught.value) == (
        f"hco, N-N, indifferent against truthful: {name} differs between local and revm"
    )


def test_gas_is_no_difference(played):
    found = replayed(played, [("hco", ("truthful", "truthful"))])

    assert found.drawn == len(found.runs) == 4


def test_days_chance_lotteries_and_seals_pass_the_replay():
    scenario = small_scenario("random", "hedge", mechanisms=("hco", "rps-random"))
    scenario = scenario.with_changes("market", sealed=True, horizon=2, bond_gbp=1.0)
    scenario = scenario.with_changes("play", replicates=2)

    found = replayed(small_tournament(scenario, small_study(days=2)), [])

    assert (found.drawn, found.negotiations) == (2 * SAMPLE, 2 * SAMPLE * 4)


def test_what_was_played_on_the_contract_is_not_played_again():
    assert analyse(small_tournament(small_scenario(venue="revm"))).replay is None


def test_without_the_engine_there_is_no_replay(played, monkeypatch):
    monkeypatch.setattr("experiments.tournament.files.find_spec", lambda _: None)

    assert analyse(played).replay is None


def test_equilibria_are_played_again():
    played = small_tournament(small_scenario(*NINE))
    found = analyse(played)

    profiles = {(g.mechanism, g.names(e)) for g in found.games for e in g.equilibria}
    assert profiles
    assert profiles <= {(run.mechanism, run.strategies) for run in found.replay.runs}
