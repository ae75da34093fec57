import pytest

from experiments.errors import ScenarioRefused
from experiments.sweep.factors import MOST_CELLS, all_levels, read_factors


def read(table):
    return read_factors(table, "sweep.toml")


def values(table, key="x"):
    return [dict(point)[key] for point in all_levels(read(table), "sweep.toml")]


def test_a_list_is_taken_as_it_is_and_inner_lists_as_tuples():
    assert values({"factors": {"x": [3, "a", [1, [2]]]}}) == [3, "a", (1, (2,))]


def test_a_range_is_divided_from_end_to_end():
    assert values({"factors": {"x": {"low": 0, "high": 1, "count": 5}}}) == [
        0,
        0.25,
        0.5,
        0.75,
        1,
    ]


def test_a_log_range_is_divided_by_ratios():
    wanted = [1.0, 10.0, 100.0, 1000.0]
    table = {"low": 1, "high": 1000, "count": 4, "scale": "log"}
    assert values({"factors": {"x": table}}) == wanted


def test_a_range_of_whole_numbers_has_each_once():
    table = {"low": 1, "high": 3, "count": 9, "whole": True}
    found = values({"factors": {"x": table}})
    assert found == [1, 2, 3]
    assert {type(value) for value in found} == {int}


def test_linked_keys_vary_together():
    points = all_levels(
        read({"factors": {"x": [1, 2]}, "linked": [{"a": [3, 4], "b": [5, 6]}]}), ""
    )
    assert [dict(point) for point in points] == [
        {"x": 1, "a": 3, "b": 5},
        {"x": 1, "a": 4, "b": 6},
        {"x": 2, "a": 3, "b": 5},
        {"x": 2, "a": 4, "b": 6},
    ]


def test_a_share_finds_a_place_in_every_kind_of_factor():
    whole, log, some, linked = read(
        {
            "factors": {
                "whole": {"low": 2, "high": 8, "whole": True},
                "log": {"low": 1, "high": 100, "scale": "log"},
                "some": ["a", "b"],
            },
            "linked": [{"c": [1, 2], "d": [3, 4]}],
        }
    )
    assert [whole.at(share)[0][1] for share in (0.0, 0.5, 1.0)] == [2, 5, 8]
    assert log.at(0.5) == (("log", 10.0),)
    assert [some.at(share)[0][1] for share in (0.0, 0.49, 0.5, 1.0)] == ["a", "a", "b", "b"]
    assert linked.at(0.75) == (("c", 2), ("d", 4))
    assert linked.name == "c & d"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({}, "no factors"),
        ({"factors": {"x": []}}, "factors.x is empty"),
        ({"factors": {"x": 3}}, "wanted a list of values"),
        ({"factors": {"x": {"low": 1}}}, "wanted a list of values"),
        ({"factors": {"grid": {"days": [1]}}}, "a key with a dot stands in quotes"),
        ({"factors": {"x": {"low": 2, "high": 1}}}, "numbers low < high"),
        ({"factors": {"x": {"low": float("nan"), "high": 1}}}, "numbers low < high"),
        ({"factors": {"x": {"low": 0, "high": 10**400}}}, "numbers low < high"),
        ({"factors": {"x": {"low": True, "high": 2}}}, "numbers low < high"),
        ({"factors": {"x": {"low": 0, "high": 1, "scale": "log"}}}, "log with low > 0"),
        ({"factors": {"x": {"low": 0, "high": 1, "whole": 1}}}, "wanted true or false"),
        ({"factors": {"x": {"low": 0, "high": 1, "count": 1}}}, "count is 1"),
        ({"factors": {"x": [1]}, "linked": [{"x": [1]}]}, "'x' stands twice"),
        ({"linked": [{"a": [1], "b": [1, 2]}]}, "lists of one length"),
        ({"linked": [{"a": 1}]}, "lists of one length"),
        ({"linked": [{}]}, "lists of one length"),
    ],
)  # fmt: skip
def test_what_is_no_factor_is_refused(table, told):
    with pytest.raises(ScenarioRefused, match=told):
        read(table)


def test_a_range_without_count_has_no_levels():
    with pytest.raises(ScenarioRefused, match=r"factors\.x has no count"):
        all_levels(read({"factors": {"x": {"low": 0, "high": 1}}}), "sweep.toml")


def test_more_combinations_than_memory_holds_are_refused():
    table = {name: {"low": 0, "high": 1, "count": 1000} for name in "abc"}
    with pytest.raises(ScenarioRefused, match=f"at most {MOST_CELLS:,}"):
        all_levels(read({"factors": table}), "sweep.toml")
