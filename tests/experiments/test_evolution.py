"""The evolutionary run of a tournament: what earns more spreads, and is told and drawn."""

from experiments.figures.evolution import evolution_figure
from experiments.tournament.evolution import evolution_words, evolved
from tests.experiments.small_tournament import small_analysis


def test_what_earns_more_spreads_until_only_that_is_left():
    _, analysis = small_analysis()
    (game,) = analysis.games  # network 1 does better by indifference, whatever the other plays

    path = evolved(game)

    assert path.shares[0][0].tolist() == [0.5, 0.5]
    assert path.end[0][1] > 0.999
    for shares in path.shares:
        assert abs(shares.sum(-1) - 1).max() < 1e-9
    assert "of network-1 indifferent 100%" in evolution_words(game)


def test_every_party_has_a_panel_and_shares_in_it_add_up_to_one():
    _, analysis = small_analysis()

    figure = evolution_figure(analysis.games[0])

    assert [axes.get_title() for axes in figure.axes] == ["network-1", "network-2"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert set(labels) == {"truthful", "indifferent", "all others"}
    assert figure.axes[0].get_ylim() == (0, 1)
