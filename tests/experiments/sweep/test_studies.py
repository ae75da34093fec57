"""The shipped studies, cut down to a few cells: what they score, and what they say."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.studies import findings_of
from experiments.studies.page import page
from experiments.studies.words import about, mean_within
from experiments.sweep.cell import play_cell
from experiments.sweep.decided import chosen, mean_and_error
from experiments.sweep.match_scores import KEPT, _kept, studied
from experiments.sweep.reading import STUDIES, read_sweep, sweep_path
from experiments.sweep.robust_scores import priced
from experiments.sweep.size_scores import crowd, shares
from experiments.sweep.store import Store
from experiments.sweep.table import sweep_table
from grid.case import Prices
from tests.experiments.small_tournament import small_study, write_scenario
from tests.experiments.sweep.kit import write_sweep


def cut(name, days=1, options=None, replicates=1, **levels):
    """Return a study with fewer levels of some factors and fewer days."""
    sweep = read_sweep(sweep_path(name))
    kept = {key.replace("_", ".", 1): value for key, value in levels.items()}
    factors = [
        replace(f, levels=tuple((v,) for v in kept[f.keys[0]])) if f.keys[0] in kept else f
        for f in sweep.factors
    ]
    grid = {**sweep.table["grid"], "days": days, "pairs": [["N", "N"], ["D", "N"]]}
    grid |= {"options": options} if options else {}
    table = {**sweep.table, "grid": grid}
    return replace(sweep, factors=tuple(factors), table=table, replicates=replicates)


def played(sweep, folder):
    cells = sweep.cells()
    keys, store = sweep.keys(cells), Store(folder)
    for key, cell in zip(keys, cells, strict=True):
        store.put(key, play_cell(sweep, cell))
    table = sweep_table(cells, keys, store)
    assert table["error"].isna().all(), table["error"].dropna().tolist()
    return table


def test_wider_bins_and_rarer_negotiations_save_less_under_hco(tmp_path):
    pytest.importorskip("pyrevm")
    sweep = cut("bins", grid_options=[3, 13], ask_half_hours=[1, 48])
    table = played(sweep, tmp_path)
    hco = table[table["ask.mechanism"] == "hco"].groupby(["grid.options", "ask.half_hours"])
    saved = hco["saving_gbp"].first()
    assert saved[13, 1] > saved[3, 1]
    assert saved[13, 1] > saved[13, 48]
    assert (table["default_gbp"] >= table["zero_gbp"]).all()
    assert np.allclose(table["net_gbp"], table["saving_gbp"] - table["fees_gbp"])
    fees = table["gas_a_day"] * table["chain.gas_price_gwei"] * 2000 / 1e9
    assert np.allclose(table["fees_gbp"], fees)
    told = findings_of(sweep, table)
    assert "At 20 gwei the optimum is" in told
    assert "an agreed default set-point is better" in told


def test_a_chain_carries_more_links_day_ahead_and_with_larger_blocks(tmp_path):
    pytest.importorskip("pyrevm")
    sweep = cut("feasibility", days=2)
    table = played(sweep, tmp_path).set_index(
        ["ask.contract", "ask.mechanism", "ask.day_ahead", "ask.block_gas"]
    )
    links = table["links"]
    assert links["paper", "hco", False, 8_000_000] == pytest.approx(328, abs=0.5)
    assert links["ours", "hco", True, 8_000_000] > 10 * links["ours", "hco", False, 8_000_000]
    row = table.iloc[0]
    assert row["fee_gbp"] / 20 * row["break_even_gwei"] == pytest.approx(row["saving_gbp"])
    told = findings_of(sweep, table.reset_index())
    assert "328 at 8 M" in told
    assert "The break-even line" in told


def test_who_cooperates_and_who_breaks_the_contract_is_told(tmp_path):
    kinds = [
        "cooperative",
        "best-response",
        "adversarial",
        "withholder",
        "unrevealed",
        "truthful",
    ]
    sweep = cut(
        "cooperation", options=3, market_bond_gbp=[0, 50], ask_first=kinds, ask_second=kinds
    )
    told = findings_of(sweep, played(sweep, tmp_path))
    assert "Under `hco` two cooperative networks save" in told
    assert "With a bond of GBP 50 a window never to reveal" in told


def test_errors_of_forecasts_cost_what_perfect_ones_would_have_saved(tmp_path):
    sweep = cut("forecasts", options=3, replicates=2)
    table = played(sweep, tmp_path)
    told = findings_of(sweep, table)
    assert "Under `hco` own errors cost network-1 a day: a tilt of 10 %" in told
    perfect = table[(table["ask.first"] == "truthful") & (table["ask.second"] == "truthful")]
    best = table.groupby(["market.mechanisms", "seed"])["saving_gbp"].max()["hco"]
    hco = perfect[perfect["market.mechanisms"] == "hco"].set_index("seed")["saving_gbp"]
    assert np.allclose(best, hco, atol=1.0), "truth under hco saves the most"


def test_findings_that_hold_at_every_price_are_called_robust(tmp_path):
    sweep = cut("robustness", ask_losses=[2.0, 10.0], ask_voltage=[700.0])
    networks = next(f for f in sweep.factors if len(f.keys) > 1)
    only = replace(networks, levels=networks.levels[:1])
    factors = tuple(only if f is networks else f for f in sweep.factors)
    told = findings_of(sweep, played(replace(sweep, factors=factors), tmp_path))
    assert "Robust: `hco` takes the least total cost" in told
    assert "6 of 6 on anglesey" in told


def test_shipped_networks_of_another_operator_can_be_read():
    from experiments.wiring import grid_case

    sweep = read_sweep(sweep_path("robustness"))
    case = grid_case(sweep.scenario(sweep.cells()[-1]))
    assert [network.name for network in case.networks] == ["oberrhein_1", "oberrhein_2"]


def test_prices_of_the_paper_give_the_costs_of_the_study_again():
    sweep = cut("robustness", options=3)
    seen = studied(sweep.scenario(sweep.cells()[0]))
    again = priced(seen, Prices())
    assert np.allclose(again.cost_gbp, seen.cost_gbp)
    assert np.allclose(again.no_link_gbp, seen.no_link_gbp)
    assert (priced(seen, Prices(losses=20.0)).cost_gbp > seen.cost_gbp).all()
    assert priced(small_study(), Prices()).appraisal is None


def test_two_parties_of_a_crowd_are_the_study_itself(tmp_path):
    pytest.importorskip("pyrevm")
    sweep = cut("size", options=13, ask_parties=[2, 3], ask_options=[3, 13])
    seen = studied(sweep.scenario(sweep.cells()[0]))
    costs, alone = crowd(seen, 2, 13)
    assert np.allclose(costs, np.moveaxis(seen.cost_gbp[:, 0], 0, 1))
    assert np.allclose(alone, np.moveaxis(seen.no_link_gbp[:, 0], 0, 1))
    assert [shares(n).sum() for n in (2, 3, 5, 8)] == pytest.approx([0, 0, 0, 0])
    table = played(sweep, tmp_path)
    assert (table["hco.over_least"] < 1e-3).all()
    assert "gas with two parties and 13 options" in findings_of(sweep, table)


def test_a_match_is_scored_by_party_and_mechanism(tmp_path):
    write_scenario(tmp_path)
    text = 'scenario = "small.toml"\n[factors]\n"play.seats" = [["truthful", "truthful"]]'
    path = write_sweep(tmp_path, text)
    path.write_text(path.read_text().replace("mine.py:double", "match"))
    sweep = read_sweep(path)
    scores = play_cell(sweep, sweep.cells()[0])["scores"]
    assert scores["hco.network-1.net_cost_gbp"] == 6.0
    assert scores["hco.network-2.operating_gbp"] == 8.0


def test_few_studies_are_kept_in_memory():
    sweep = cut("robustness", options=3)
    scenario = sweep.scenario(sweep.cells()[0])
    for seed in range(KEPT + 1):
        studied(replace(scenario, seed=seed))
    assert len(_kept) == KEPT


def test_the_page_has_every_study_that_has_run(tmp_path):
    (tmp_path / "bins").mkdir()
    (tmp_path / "bins" / "findings.md").write_text("Wide bins.\n")
    (tmp_path / "bins" / "manifest.json").write_text('{"cells": 1260}')
    told = page(tmp_path)
    assert "gridpact sweep bins" in told
    assert "1,260 cells" in told
    assert "Wide bins." in told
    assert "feasibility" not in told


def test_means_say_how_sure_they_are():
    assert mean_within([5.0]) == "GBP 5.00"
    assert about(-12.3, 4.0) == "-GBP 12 ± 4.00"
    assert np.isnan(mean_and_error(np.array([3.0]))[1])


def test_the_highest_combined_offer_is_the_least_cost():
    costs = np.array([[[3.0, 1.0, 0.0]], [[0.0, 1.0, 5.0]]])
    cost, paid = chosen("hco", costs)
    assert cost.sum() == 2.0
    assert paid.sum() == 0.0


def test_every_study_names_its_findings():
    for path in STUDIES.glob("*.toml"):
        assert read_sweep(path).findings == path.stem
