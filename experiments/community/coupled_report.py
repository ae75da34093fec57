"""What communities change for the networks above, on disk: tables, figures, one page."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.community.baselines import ALONE
from experiments.community.coupling import NONE, Coupled, coupled_findings, differences
from experiments.community.report import DATA
from experiments.figures.style import COLOURS, new_figure, save, style
from experiments.page import bullets, document, figure, table
from experiments.plugins import files_sha256
from experiments.results import MANIFEST, manifest, write_json, write_table
from experiments.scenario import Scenario
from experiments.tournament.report import HONESTY

LOOKS: Final = ("black", "blue", "green", "red", "orange", "purple", "sky")
"""Colours of ways to run communities, in order."""

COLUMNS: Final = {
    "operating_gbp": "operating cost",
    "payments_gbp": "payments",
    "net_cost_gbp": "net cost",
    "no_link_gbp": "without the link",
}
"""What is shown of each network, in GBP a day."""


def write_coupled(folder: Path, scenario: Scenario, coupled: Coupled) -> dict[str, Any]:
    """Write everything into a folder; return the summary as scripts read it.

    Parameters
    ----------
    folder : Path
        For the results.
    scenario : Scenario
        Of both levels.
    coupled : Coupled
        What came of it.
    """
    party = str(coupled.costs["party"].iloc[0])
    said = coupled_findings(coupled, party)
    net = differences(coupled.costs, party, "net_cost_gbp")
    write_table(folder / "costs.parquet", coupled.costs)
    write_table(folder / "profiles.parquet", _profiles(coupled.profiles_mw))
    write_table(folder / "differences.parquet", net)
    with style():
        drawn = [
            save(profile_figure(coupled.profiles_mw), folder / "figures", "profiles")[0],
            save(differences_figure(net, party), folder / "figures", "differences")[0],
        ]
    page = _page(scenario, coupled, said, drawn)
    (folder / "report.html").write_text(page, encoding="utf-8")
    summary = {"findings": said, "costs": means(coupled.costs).to_dict("records")}
    write_json(folder / "summary.json", summary)
    texts = (*scenario.community.mix, *scenario.play.seats)
    facts = {"plugins_sha256": files_sha256(texts)}
    write_json(folder / MANIFEST, manifest("simulate", scenario, **facts))
    return summary


def means(costs: pd.DataFrame) -> pd.DataFrame:
    """Return mean costs a day, a row for each mechanism, way and network."""
    keys = ["mechanism", "way", "party"]
    return costs.groupby(keys, sort=False)[list(COLUMNS)].mean().reset_index()


def profile_figure(profiles_mw: Mapping[str, Any]) -> Figure:
    """Draw what communities add to the demand at their bus over a mean day, by way."""
    drawn = new_figure((9.0, 4.2))
    axes = drawn.subplots()
    for place, (way, added) in enumerate(profiles_mw.items()):
        if way == NONE:
            continue
        mean = added.mean(0)
        hours = np.arange(len(mean) + 1) / 2
        colour = COLOURS[LOOKS[(place - 1) % len(LOOKS)]]
        axes.stairs(mean, hours, baseline=None, color=colour, lw=1.8, label=way)
    axes.axhline(0.0, color=COLOURS["grey"], lw=0.8)
    axes.set(xlabel="hour of the day", ylabel="MW beyond demand", xlim=(0, 24))
    axes.set_xticks(np.arange(0, 25, 3))
    drawn.legend(loc="outside lower center", ncols=3)
    return drawn


def differences_figure(net: pd.DataFrame, party: str) -> Figure:
    """Draw what each way costs a network beyond households each alone, with intervals."""
    mechanisms = list(dict.fromkeys(net["mechanism"]))
    drawn = new_figure((9.0, 4.2))
    panels = drawn.subplots(1, len(mechanisms), sharey=True, squeeze=False)[0]
    for panel, mechanism in zip(panels, mechanisms, strict=True):
        rows = net[(net["mechanism"] == mechanism) & (net["way"] != NONE)]
        around = np.stack([rows["mean"] - rows["low"], rows["high"] - rows["mean"]])
        panel.barh(rows["way"], rows["mean"], xerr=np.nan_to_num(around), color=COLOURS["sky"])
        panel.axvline(0.0, color=COLOURS["black"], lw=0.8)
        panel.set(title=mechanism, xlabel="GBP a day")
    panels[0].invert_yaxis()
    drawn.suptitle(f"{party}: net cost beyond that with households {ALONE}")
    return drawn


def cost_rows(costs: pd.DataFrame) -> list[list[str]]:
    """Return mean costs as texts, a heading first."""
    rows = [
        ["mechanism", "way", "network", *(f"{name}, GBP a day" for name in COLUMNS.values())]
    ]
    for row in means(costs).itertuples(index=False):
        numbers = [f"{getattr(row, name):,.2f}" for name in COLUMNS]
        rows.append([str(row.mechanism), str(row.way), str(row.party), *numbers])
    return rows


def _profiles(profiles_mw: Mapping[str, Any]) -> pd.DataFrame:
    parts = []
    for way, added in profiles_mw.items():
        day, window = np.indices(added.shape)
        columns = {"day": day.ravel(), "window": window.ravel(), "added_mw": added.ravel()}
        parts.append(pd.DataFrame(columns).assign(way=way))
    return pd.concat(parts, ignore_index=True)


def _page(scenario: Scenario, coupled: Coupled, said: list[str], drawn: list[Path]) -> str:
    part = scenario.community
    question = (
        f"{part.prosumers * part.copies:,} households at bus {part.bus} of network 1 run "
        "their panels, batteries, cars and heat pumps each alone, by trade among neighbours, "
        "or under one controller. Does that lower what the network pays for the link?"
    )
    assumed = [
        f"{part.prosumers:,} households are modelled; each community stands for "
        f"{part.copies}. What they draw for themselves is part of the network's demand; their "
        "sun and what they shift comes on top, with the losses of their feeders. A factor on "
        "demand multiplies them with all demand.",
        f"They trade by {part.rules[0]}. The networks' bids are "
        f"{' and '.join(scenario.play.seats)} on loadings {'-'.join(scenario.play.pair)}.",
        DATA,
        HONESTY,
    ]
    captions = (
        "What the communities add to the demand at their bus over a mean day.",
        "What that costs network 1, with 95 % bootstrap intervals over days.",
    )
    shown = [
        figure(c, p, number=1 + i) for i, (c, p) in enumerate(zip(captions, drawn, strict=True))
    ]
    body = [
        f"<h1>Do communities lower what a network pays? {escape(scenario.name)}</h1>",
        f"<p>{escape(question)}</p>",
        "<h2>Answer</h2>",
        bullets(said),
        shown[1],
        "<h2>What was assumed</h2>",
        bullets(assumed),
        "<h2>Costs</h2>",
        table(cost_rows(coupled.costs)),
        "<h2>The communities</h2>",
        shown[0],
    ]
    return document(f"gridpact: {scenario.name}", body)
