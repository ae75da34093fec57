"""Dispositions: who does best against whom, where the link does harm, and the command."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.dispositions import (
    ANGLES,
    Dial,
    expression,
    play_dispositions,
    sentences,
)
from experiments.wiring import strategy
from tests.experiments.small_tournament import (
    COSTS,
    silent,
    small_scenario,
    small_study,
    write_scenario,
)


def dial_of(ratio, costs=None) -> Dial:
    """Return a dial of three angles, by default with costs that rise with either angle."""
    rising = [[[1, 2, 3], [2, 3, 4], [3, 4, 5]]] * 2
    return Dial("hco", ("north", "south"), (-45, 0, 45), np.array(costs or rising, float),
                np.array(ratio, float))  # fmt: skip


CALM = [[1.0, 0.9, 0.9], [0.9, 0.8, 0.7], [0.9, 0.7, 0.6]]


def test_best_replies_are_the_cheapest_angles_against_each_of_the_other():
    costs = [
        [[5, 1, 9], [4, 2, 9], [3, 3, 1]],  # rows: north; columns: south
        [[5, 1, 9], [7, 8, 6], [2, 3, 4]],
    ]

    assert dial_of(CALM, costs).best_replies == ((45, -45, 45), (0, 45, -45))


def test_of_equally_cheap_angles_the_lowest_counts():
    assert dial_of(CALM, np.zeros((2, 3, 3)).tolist()).best_replies == ((-45,) * 3, (-45,) * 3)


def test_a_ratio_is_looked_up_by_both_angles():
    dial = dial_of([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

    assert (dial.ratio(-45, 45), dial.ratio(45, 0)) == (3, 8)


def test_sentences_say_what_equal_dispositions_cost_and_what_answers_indifference():
    assert sentences(dial_of(CALM)) == (
        "If both are cooperative (45°) the networks cost 0.600 times what they cost without "
        "the link; if both look to themselves (0°) 0.800; if both are adversarial (-45°) "
        "1.000.",
        "With equal dispositions the link never does harm.",
        "Against a neighbour at 0° it is cheapest for north to play at -45°, and for south at "
        "-45°.",
    )


def test_where_the_link_does_harm_the_angles_are_named():
    said = sentences(dial_of([[1.3, 0, 0], [0, 1.01, 0], [0, 0, 0.9]]))

    assert said[1] == (
        "With equal dispositions the link does harm at -45° (adversarial), 0° "
        "(individualistic): there cooperation has collapsed."
    )


def test_an_angle_without_a_name_is_told_as_a_number():
    angles = (-60, -45, 0, 45)
    dial = Dial("hco", ("a", "b"), angles, np.zeros((2, 4, 4)), np.diag([1.5, 0.9, 0.9, 0.9]))

    assert "does harm at -60°: there" in sentences(dial)[1]


def test_without_costs_of_no_link_no_harm_is_claimed_or_denied():
    said = sentences(dial_of(np.full((3, 3), np.nan)))

    assert len(said) == 1
    assert said[0].startswith("Against a neighbour at 0°")


def test_every_angle_is_a_strategy_of_that_disposition():
    assert {-45, 0, 45, 90} < set(ANGLES)
    assert [strategy(expression(a)).disposition.degrees for a in ANGLES] == list(ANGLES)


def test_every_pair_of_angles_is_played_in_memory_whatever_the_scenario_says():
    scenario = small_scenario("random", venue="revm", mechanisms=("hco", "rps"))

    played, dials = play_dispositions(scenario, small_study(), silent, workers=1)

    assert len(played.runs) == 2 * len(ANGLES) ** 2
    assert (played.scenario.chain.venue, played.sampled) == ("local", False)
    assert [dial.mechanism for dial in dials] == ["hco", "rps"]
    rows = played.payoffs.query("mechanism == 'hco'")
    for seat in (0, 1):
        own = rows[rows["seat"] == seat]
        table = own.pivot(index="strategy_0", columns="strategy_1", values="net_cost_gbp")
        names = [expression(a) for a in ANGLES]
        assert dials[0].net_cost_gbp[seat] == pytest.approx(table.loc[names, names].to_numpy())
    first = rows.iloc[0]
    assert dials[0].ratio(-90, -90) == pytest.approx(first["system_cost_ratio"])


def command(scenario, out, *options: str):
    arguments = ["dispositions", str(scenario), "--workers", "1", "--out", str(out), *options]
    return CliRunner().invoke(app, arguments)


def test_the_command_leaves_payoffs_figures_a_summary_and_a_manifest(tmp_path):
    scenario, out = write_scenario(tmp_path), tmp_path / "out"

    answer = command(scenario, out, "--mechanisms", "hco,rps", "--seed", "3")

    assert answer.exit_code == 0, answer.stderr
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    drawn = {f"figures/dispositions-{m}.{k}" for m in ("hco", "rps") for k in ("svg", "png")}
    assert names == {"payoffs.parquet", "summary.json", "manifest.json"} | drawn
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["command"], manifest["scenario"]["seed"]) == ("dispositions", 3)
    assert (manifest["matches"], manifest["negotiations"]) == (2 * 169, 2 * 169 * 2)
    assert len(pd.read_parquet(out / "payoffs.parquet")) == 2 * 169 * 2
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    lines = answer.stdout.splitlines()
    assert lines[:-1] == [f"{m}: {s}" for m in ("hco", "rps") for s in summary[m]["findings"]]
    assert lines[-1] == f"Results: {out}"


def test_scripts_read_angles_costs_and_the_cheapest_replies(tmp_path):
    out = tmp_path / "out"

    answer = command(write_scenario(tmp_path), out, "--json")

    said = json.loads(answer.stdout)["hco"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary == {"schema": 1, "hco": said}
    assert said["angles"] == list(ANGLES)
    costs = np.array(said["net_cost_gbp"])
    assert costs.shape == (2, 13, 13)
    for seat, party in enumerate(said["parties"]):
        cheapest = [ANGLES[i] for i in costs[seat].argmin(seat).tolist()]
        assert said["cheapest"][party] == cheapest
    assert np.array(said["system_cost_ratio"]).min() >= 18 / 30 - 1e-12


def test_without_costs_of_no_link_ratios_are_null_and_the_figure_is_drawn(tmp_path):
    def refuse(name: str):
        raise AssertionError(f"{name} is not JSON")

    scenario, out = write_scenario(tmp_path, no_link=None), tmp_path / "out"

    answer = command(scenario, out, "--json")

    said = json.loads(answer.stdout, parse_constant=refuse)["hco"]
    assert {ratio for row in said["system_cost_ratio"] for ratio in row} == {None}
    assert (out / "figures" / "dispositions-hco.svg").exists()


def test_three_parties_are_refused_in_one_line_and_nothing_is_written(tmp_path):
    scenario = write_scenario(tmp_path, [*COSTS, COSTS[1]], no_link=None)

    answer = command(scenario, tmp_path / "out")

    assert answer.exit_code == 2
    assert "has 3 parties, wanted 2: the figure has two sides" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
