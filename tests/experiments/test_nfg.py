"""Gambit's files: its own examples, what is refused, and what comes back as it went."""

import io

import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.errors import InputRefused, OutputRefused
from experiments.nfg import StrategicGame, format_nfg, parse_nfg, read_nfg, write_nfg

SELTEN = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
"""The sample of the payoff version in Gambit's documentation (e02.nfg)."""

SELTEN_OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" }

{ { "1" "2" "3" }
{ "1" "2" }
}
""

{
{ "" 1, 1 }
{ "" 0, 2 }
{ "" 0, 2 }
{ "" 1, 1 }
{ "" 0, 3 }
{ "" 2, 0 }
}
1 2 3 4 5 6
"""
"""The sample of the outcome version in Gambit's documentation."""

SCIENCE = """NFG 1 R "A small game with payoffs that use scientific notation"
{ "Player 1" "Player 2" } { 3 2 }
1e-6 1e-6 0 2e-06 0 2 1e-5 1e+10 0 0.323423423111314 -9082948.2987934e5 0
"""

SHARED = """NFG 1 D "Shared outcomes, fractions and a comment"
{ "Row" "Col" } { { "up" "say \\"down\\"" } { "left" "right" } }
"What the author wants to say"
{ { "win" 1, -1/3 } { "draw" .5 -2. } } 1 2 0 1
"""


def selten(game):
    first, second = game.payoffs
    assert first.tolist() == [[1.0, 1.0], [0.0, 0.0], [0.0, 2.0]]
    assert second.tolist() == [[1.0, 1.0], [2.0, 3.0], [2.0, 0.0]]


def test_gambits_sample_of_payoffs():
    game = parse_nfg(SELTEN)

    selten(game)
    assert game.title == "Selten (IJGT, 75), Figure 2, normal form"
    assert game.players == ("Player 1", "Player 2")
    assert game.strategies == (("1", "2", "3"), ("1", "2"))
    assert game.comment == ""


def test_gambits_sample_of_outcomes():
    selten(parse_nfg(SELTEN_OUTCOMES))


def test_scientific_notation():
    assert parse_nfg(SCIENCE).payoffs[0, 1, 1] == 0.0
    assert parse_nfg(SCIENCE).payoffs[0, 2, 1] == -908294829879.34


def test_shared_outcomes_fractions_escapes_and_comments():
    game = parse_nfg(SHARED)

    assert game.strategies == (("up", 'say "down"'), ("left", "right"))
    assert game.payoffs[0].tolist() == [[1.0, 0.0], [0.5, 1.0]]
    assert game.payoffs[1].tolist() == [[-1 / 3, 0.0], [-2.0, -1 / 3]]
    assert game.comment == "What the author wants to say"


@pytest.mark.parametrize(
    "text", [SELTEN, SELTEN_OUTCOMES, SHARED], ids=["payoffs", "outcomes", "shared"]
)
def test_gambit_reads_the_same(text):
    theirs = pygambit.read_nfg(io.BytesIO(text.encode()))
    ours = parse_nfg(text)

    assert ours.title == theirs.title
    if text != SHARED:  # Gambit 16.7 makes no array of a game where a profile has no outcome
        assert ours.payoffs == pytest.approx(np.array(theirs.to_arrays(dtype=float)))
    assert [[s.label for s in p.strategies] for p in theirs.players] == list(
        map(list, ours.strategies)
    )


def test_space_does_not_matter():
    squeezed = SELTEN_OUTCOMES.replace("\n", " \t\r\n ").replace("{ ", "{").replace(" }", "}")

    selten(parse_nfg(squeezed))


def test_a_title_may_be_missing():
    assert parse_nfg('NFG 1 R { "A" } { 2 } 1 2').payoffs.tolist() == [[1.0, 2.0]]


REFUSED = [
    ("", "line 1, column 1: the end of the file, wanted NFG"),
    ('EFG 2 R "x"', "line 1, column 1: EFG, wanted NFG"),
    ('NFG 2 R "x"', "line 1, column 5: 2, wanted 1"),
    ('NFG 1 Q "x"', "line 1, column 7: Q, wanted R or D"),
    ('NFG 1 R "x" "A"', 'line 1, column 13: "A", wanted {'),
    ('NFG 1 R "x" { }', "line 1, column 15: }, wanted the name of a player"),
    ('NFG 1 R "x" { A }', "line 1, column 15: A, wanted a text in quotes"),
    (
        'NFG 1 R "x" { "A"',
        "line 1, column 18: the end of the file, wanted the name of a player or }",
    ),
    ('NFG 1 R "x" { "A }', 'line 1, column 15: ", wanted the name of a player'),
    ('NFG 1 R "x" { "A\\" }', 'line 1, column 15: ", wanted the name of a player'),
    (
        'NFG 1 R "x" { "A" } { 0 }',
        "line 1, column 23: 0, wanted a number of strategies, 1 or more",
    ),
    ('NFG 1 R "x" { "A" } { two }', "line 1, column 23: two, wanted a number of strategies"),
    ('NFG 1 R "x" { "A" } { 999999999 }', "line 1, column 23: 999999999, wanted a number of"),
    ('NFG 1 R "x" { "A" } { { } }', "line 1, column 25: }, wanted the name of a strategy"),
    ('NFG 1 R "x" { "A" } { 2 2 }', "line 1, column 27: of 2, wanted strategies of 1 players"),
    (
        'NFG 1 R "x" { "A" }\n{ 2 }\n1',
        "line 3, column 2: the end of the file, wanted 2 payoffs, found 1",
    ),
    ('NFG 1 R "x" { "A" }\n{ 2 }\n1 2\n 3', "line 4, column 2: 3, wanted the end of the file"),
    (
        'NFG 1 R "x" { "A" }\n{ 2 }\n1 x',
        "line 3, column 3: x, wanted a payoff: a number such as",
    ),
    ('NFG 1 R "x" { "A" } { 2 } 1 nan', "line 1, column 29: nan, wanted a payoff"),
    ('NFG 1 R "x" { "A" } { 2 } 1 1e999', "line 1, column 29: 1e999, wanted a payoff"),
    ('NFG 1 R "x" { "A" } { 2 } 1 1e301', "line 1, column 29: 1e301, wanted a payoff"),
    ('NFG 1 R "x" { "A" } { 2 } 1 1/0', "line 1, column 29: 1/0, wanted a payoff"),
    (f'NFG 1 R "x" {{ "A" }} {{ 2 }} 1 1{"0" * 400}/1', "line 1, column 29: 1000000000"),
    ('NFG 1 R "x" { "A" } { 2 } 1, 2', "line 1, column 28: ,, wanted a payoff"),
    ('NFG 1 R "x" { "A" } { 2 } { } 1 2', "line 1, column 29: }, wanted an outcome"),
    ('NFG 1 R "x" { "A" } { 2 } { 1 } 1 2', "line 1, column 29: 1, wanted {"),
    ('NFG 1 R "x" { "A" } { 2 } { { "" } } 1 2', "line 1, column 34: }, wanted a payoff"),
    ('NFG 1 R "x" { "A" } { 2 } { { "" 1 2 } } 1 2', "line 1, column 36: 2, wanted }"),
    (
        'NFG 1 R "x" { "A" } { 2 } { { "" 1 } } 1 2',
        "line 1, column 42: 2, wanted the number of an outcome, 0 to 1, for each of 2",
    ),
    (
        'NFG 1 R "x" { "A" } { 2 } { { "" 1 } } 1',
        "line 1, column 41: the end of the file, wanted the number",
    ),
    (
        'NFG 1 R "x" { "A" } { 2 } { { "" 1 } } 1 1 1',
        "line 1, column 44: 1, wanted the end of the file",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_is_wrong_is_named_by_line_and_column(text, reason):
    with pytest.raises(InputRefused) as refused:
        parse_nfg(text, "my.nfg")

    assert str(refused.value).startswith(f"my.nfg: {reason}")


names = st.text(
    st.characters(codec="utf-8", exclude_characters="\\\r", exclude_categories=("Cs", "Cc")),
    min_size=1,
    max_size=9,
)


@st.composite
def named_games(draw):
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    payoffs = draw(
        arrays(
            np.float64,
            (len(counts), *counts),
            elements=st.floats(-1e300, 1e300),
        )
    )
    strategies = tuple(tuple(draw(st.lists(names, min_size=n, max_size=n))) for n in counts)
    players = tuple(draw(st.lists(names, min_size=len(counts), max_size=len(counts))))
    return StrategicGame(draw(names), players, strategies, payoffs, draw(names))


@given(named_games())
def test_what_is_written_comes_back(game):
    again = parse_nfg(format_nfg(game))

    assert (again.title, again.players, again.comment) == (
        game.title,
        game.players,
        game.comment,
    )
    assert again.strategies == game.strategies
    assert again.payoffs.tobytes() == game.payoffs.tobytes()


def test_gambit_reads_what_is_written():
    payoffs = np.random.default_rng(1).normal(size=(3, 2, 3, 2))
    game = StrategicGame(
        "t", ("a", "b", "c"), (("l", "r"), ("x", "y", "z"), ("1", "2")), payoffs
    )

    theirs = pygambit.read_nfg(io.BytesIO(format_nfg(game).encode()))

    assert np.array(theirs.to_arrays(dtype=float)) == pytest.approx(payoffs, rel=1e-12)


def test_a_backslash_within_a_name_is_kept():
    game = StrategicGame("a\\b", ("p",), (("s",),), np.ones((1, 1)))

    assert parse_nfg(format_nfg(game)).title == "a\\b"


def test_files_are_written_and_read(tmp_path):
    path = tmp_path / "game.nfg"

    write_nfg(path, parse_nfg(SELTEN))

    selten(read_nfg(path))


@pytest.mark.parametrize("title", ["ends in \\", 'before a \\" quote'])
def test_a_name_that_the_format_cannot_hold_is_refused(tmp_path, title):
    game = StrategicGame(title, ("p",), (("s",),), np.ones((1, 1)))

    with pytest.raises(OutputRefused, match="would hide a quote"):
        write_nfg(tmp_path / "x.nfg", game)


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(OutputRefused, match="cannot be written: No such file"):
        write_nfg(tmp_path / "no" / "x.nfg", parse_nfg(SELTEN))


def test_files_that_cannot_be_read_are_refused(tmp_path):
    (tmp_path / "latin.nfg").write_bytes('NFG 1 R "\xe9"'.encode("latin-1"))

    with pytest.raises(InputRefused, match="cannot be read: No such file"):
        read_nfg(tmp_path / "none.nfg")
    with pytest.raises(InputRefused, match="is not UTF-8: byte 9"):
        read_nfg(tmp_path / "latin.nfg")


def test_a_byte_order_mark_is_no_part_of_the_game(tmp_path):
    path = tmp_path / "windows.nfg"
    path.write_text("\ufeff" + SELTEN.replace("\n", "\r\n"), encoding="utf-8", newline="")

    selten(read_nfg(path))
