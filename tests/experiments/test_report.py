"""The report: one page that needs nothing else, and says what it rests on."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.scenario import Scenario
from experiments.tournament.files import analyse, write
from experiments.tournament.play import play_all
from experiments.tournament.report import (
    COLUMNS,
    HONESTY,
    NOT_FOR,
    html_report,
    standings_rows,
)
from experiments.wiring import study
from tests.experiments.small_tournament import (
    COSTS,
    silent,
    small_analysis,
    small_scenario,
    small_study,
)

DATA_README = Path(__file__).parents[2] / "grid" / "data" / "README.md"
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser makes of a page: tags that close in order, ids, references, texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self._note(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def _note(self, tag, attrs):
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value)
            elif name.endswith("href") and value.startswith("#"):
                self.references.add(value[1:])
            self.references.update(re.findall(r"url\(#([^)]*)\)", value or ""))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page_of(folder: Path, played, analysis) -> str:
    write(folder, played, analysis)
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def anglesey(tmp_path_factory):
    """Return the page of a tournament with everything there is: physics, two mechanisms."""
    scenario = small_scenario(mechanisms=("hco", "rps"), pairs=(("N", "D"),))
    played = play_all(scenario, study(Scenario()), silent, workers=1)
    return page_of(tmp_path_factory.mktemp("run"), played, analyse(played))


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Return the page of three parties with a table of costs."""
    scenario = small_scenario(pairs=(("N", "N", "N"),))
    seen = small_study([*COSTS, COSTS[0]], no_link=None)
    return page_of(tmp_path_factory.mktemp("run"), *small_analysis(scenario, seen))


def test_every_tag_is_closed_in_order(anglesey, three):
    for text in (anglesey, three):
        page = Page(text)
        assert page.open == []
        assert page.tags["html"] == page.tags["h1"] == 1


def test_the_page_fetches_nothing(anglesey):
    page = Page(anglesey)

    assert not {"script", "link", "iframe", "object", "base"} & set(page.tags)
    for tag, name, value in page.attributes:
        if "//" in value and not value.startswith("data:"):
            assert name.startswith("xmlns"), (tag, name, value)
        assert name != "src"
        if name.endswith("href"):
            assert value.startswith(("#", "data:image/png;base64,")), value[:40]
    assert "@import" not in anglesey
    assert re.findall(r"url\((?!#)", anglesey) == []
    assert "://" not in page.text


def test_ids_stay_unique_when_figures_share_a_page_and_references_find_them(anglesey):
    page = Page(anglesey)

    # standings, two payoff matrices, cost against balance, the evolution of two games
    assert page.tags["figure"] == 6
    assert [i for i, count in Counter(page.ids).items() if count > 1] == []
    assert len(page.ids) > 50
    assert page.references
    assert page.references <= set(page.ids)


def test_every_figure_has_a_number_a_caption_and_the_same_words_for_who_cannot_see(anglesey):
    page = Page(anglesey)

    captions = re.findall(r"<figcaption>Figure (\d)\. (.*?)</figcaption>", anglesey)
    assert [number for number, _ in captions] == ["1", "2", "3", "4", "5", "6"]
    labels = [v for tag, name, v in page.attributes if (tag, name) == ("svg", "aria-label")]
    assert len(labels) == 6
    assert all(label in page.text for label in labels)
    assert captions[0][1].endswith("with balance beside it. Shorter is better.")


def test_the_honesty_statement_is_that_of_the_data(anglesey):
    quoted = re.search(r'^> "(.*?)"$', DATA_README.read_text("utf-8"), re.MULTILINE | re.DOTALL)

    assert HONESTY.split() == quoted[1].split()
    assert HONESTY in Page(anglesey).text


def test_a_users_own_networks_are_not_said_to_be_invented(three, tmp_path):
    assert HONESTY not in Page(three).text
    seen = study(Scenario())
    scenario = small_scenario(case="own", pairs=(("N", "N"),))
    played = play_all(scenario, seen, silent, workers=1)

    page = Page(page_of(tmp_path, played, analyse(played)))

    assert HONESTY not in page.text
    assert "Balance: absolute exchange" in page.text


def test_the_page_says_what_was_played_and_what_it_is_not_for(anglesey):
    text = Page(anglesey).text

    assert "8 matches with 384 negotiations were held on the venue local." in text
    assert "Loadings of the networks: N-D; 1 day of half-hours; 13 options." in text
    assert "Strategies: truthful, indifferent." in text
    assert "Seed 0." in text
    assert "Fees at 20 gwei a gas and GBP 2,000 an ether" in text
    assert all(use in text for use in NOT_FOR)


def test_the_answer_comes_before_the_first_figure_and_detail_after(anglesey):
    places = [
        anglesey.index(mark)
        for mark in ("<h2>Answer", "Nash equilibri", "Figure 1.", "<h2>What was assumed",
                     "<h2>What this is not for", "<h2>Standings", "<h2>Figures", "Figure 2.")
    ]  # fmt: skip
    assert places == sorted(places)


def test_a_report_of_costs_alone_says_that_there_is_no_balance(three):
    page = Page(three)

    assert "Costs come from a table: there are no load flows, so no balance." in page.text
    assert "There is no payoff matrix: it has a side for each of two networks." in page.text
    assert "absolute exchange" not in page.text
    assert "with balance beside it" not in page.text
    assert "network-1 and network-2 and network-3 share an element" in page.text
    assert page.tags["figure"] == 2  # standings, and evolution
    assert "What both networks pay" not in page.text


def test_two_networks_have_a_payoff_matrix_and_no_excuse_for_none(anglesey):
    assert "There is no payoff matrix" not in anglesey
    assert "What both networks pay under rps" in anglesey


def test_days_are_counted(tmp_path):
    page = page_of(tmp_path, *small_analysis(seen=small_study(days=2)))

    assert "N-N; 2 days of half-hours; 3 options." in Page(page).text


@pytest.mark.parametrize(
    ("days", "replicates", "told"),
    [
        (1, 1, "There are no intervals: one day tells nothing of another."),
        (2, 1, "Intervals hold 95 % of 1,000 bootstrap samples of the 2 days."),
        (2, 3, "Intervals hold 95 % of 1,000 bootstrap samples of 2 days and 3 replicates."),
    ],
)
def test_of_one_day_there_are_no_intervals_and_of_more_it_is_told_what_varies(
    days, replicates, told, tmp_path
):
    scenario = small_scenario().with_changes("play", replicates=replicates)

    text = Page(page_of(tmp_path, *small_analysis(scenario, small_study(days=days)))).text

    assert told in text
    assert ("There are no intervals" in text) == ("not known" in text) == (days == 1)


@pytest.mark.parametrize(
    ("days", "paid", "share"),
    [(1, "27.00", "not known"), (2, "40.50 (27.00 to 54.00)", "100%")],
)
def test_equilibria_stand_in_a_table_with_intervals_where_there_are_some(
    days, paid, share, tmp_path
):
    text = page_of(tmp_path, *small_analysis(seen=small_study(days=days)))

    assert "<h2>Equilibria under hco</h2>" in text
    row = re.search(r"<tr><td[^>]*>indifferent</td><td[^>]*>truthful</td>.*?</tr>", text)[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    assert (cells[3].replace("<br/>", " "), cells[5]) == (paid, share)


def test_a_sample_of_the_profiles_is_told_with_how_many_there_are(tmp_path):
    scenario = small_scenario("truthful", "shaded", "flat").with_changes("play", profiles=4)

    text = Page(page_of(tmp_path, *small_analysis(scenario))).text

    assert "Of 9 profiles a sample of 4 was played." in text
    assert "so equilibria are not known" in text


def test_what_was_played_again_on_the_contract_stands_among_the_assumptions(tmp_path):
    played, analysis = small_analysis()

    text = Page(page_of(tmp_path, played, analysis)).text

    assert text.count(analysis.replay.sentence()) == 1
    assert text.index("What was assumed") < text.index(analysis.replay.sentence())
    assert (
        "played again"
        not in Page(page_of(tmp_path, played, replace(analysis, replay=None))).text
    )


def test_names_of_a_user_are_text_and_not_markup(tmp_path):
    name = "<script>alert('x')</script> \"R&D\""
    scenario = replace(small_scenario(), name=name)
    seen = replace(small_study(), parties=("<b>north & co", 'so"uth'))

    text = page_of(tmp_path, *small_analysis(scenario, seen))

    page = Page(text)
    assert page.open == []
    assert "script" not in page.tags
    assert page.tags["b"] == 1  # the name of the mechanism
    assert page.text.count(name) == 2  # title and heading
    assert "hco, <b>north & co" in page.text
    assert 'hco, so"uth' in page.text


def test_standings_show_the_columns_that_are_there_with_money_to_the_penny():
    _, analysis = small_analysis()
    unknown = "not known", "not known"  # a single day

    rows = standings_rows(analysis.standings, "hco", 0, COLUMNS)

    assert rows == [
        ["place on cost", "strategy", "own net cost, GBP a day", "from", "to",
         "operating cost, GBP a day",
         "payments, GBP a day", "chain fees, GBP a day", "without the link, GBP a day",
         "all networks' cost over no link", "over the central optimum"],
        ["1", "indifferent", "0.00", *unknown, "12.50",
         "-12.50", "0.00", "18.00", "0.900", "1.500"],
        ["2", "truthful", "15.50", *unknown, "5.00",
         "10.50", "0.00", "18.00", "0.750", "1.250"],
    ]  # fmt: skip


def test_what_is_not_known_is_not_shown_as_a_number():
    seen = small_study(costs=[[[0.0, 0.0, 1.0]]] * 2, no_link=[[0.0], [0.0]])
    _, analysis = small_analysis(seen=seen)

    _, first, _ = standings_rows(
        analysis.standings, "hco", 0, {"system_cost_ratio": "s", "net_cost_gbp": "n"}
    )

    assert first == ["not known", "-0.50"]


def test_a_mechanism_without_a_description_still_has_its_sentences(tmp_path):
    played, analysis = small_analysis()
    drawing = tmp_path / "figure.svg"
    drawing.write_text('<?xml version="1.0"?><svg id="a"><g/></svg>', encoding="utf-8")

    text = html_report(played, analysis.standings, {"new": ("Said.",)}, [("Drawn", drawing)])

    assert "<p><b>new</b> (). Said.</p>" in text
    assert '<svg role="img" aria-label="Drawn" id="figure1-a">' in text
