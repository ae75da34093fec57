"""Cost tables come back as they were written, and are refused by row and reason."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grid.cost_table import CostTable, read_cost_table, write_cost_table
from grid.errors import CostTableRefused

GOOD = """network,scenario,day,window,option,cost_gbp
a,N,0,0,0,1.5
a,N,0,0,1,2.5
b,N,0,0,0,3
b,N,0,0,1,-4e-1
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "costs.csv"


def refusal(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CostTableRefused) as caught:
        read_cost_table(path)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)
    return caught.value.reason


@given(
    data=st.data(),
    shape=st.tuples(*(st.integers(low, 3) for low in (2, 1, 1, 1, 2))),
    linked_only=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_a_table_comes_back_as_it_was_written(tmp_path_factory, data, shape, linked_only):
    costs = data.draw(npst.arrays(np.float64, shape, elements=st.floats(-1e9, 1e9)))
    without = None if linked_only else costs[..., 0] * 2
    names = ("a, or so", "b", "ü"), ("N", "D", "G")
    table = CostTable(names[0][: shape[0]], names[1][: shape[1]], costs, without)
    path = tmp_path_factory.mktemp("tables") / "costs.csv"

    write_cost_table(path, table)
    read = read_cost_table(path)

    assert (read.networks, read.scenarios) == (table.networks, table.scenarios)
    np.testing.assert_array_equal(read.cost_gbp, costs)
    if linked_only:
        assert read.no_link_gbp is None
    else:
        np.testing.assert_array_equal(read.no_link_gbp, without)


def test_an_appraisals_costs_can_be_written_and_read(appraisal, path):
    table = CostTable(
        appraisal.networks, appraisal.scenarios, appraisal.cost_gbp, appraisal.no_link.cost_gbp
    )

    write_cost_table(path, table)

    np.testing.assert_array_equal(read_cost_table(path).cost_gbp, appraisal.cost_gbp)


def test_the_column_day_may_be_left_out(path):
    path.write_text(GOOD.replace("day,", "").replace("N,0,", "N,"), encoding="utf-8")

    table = read_cost_table(path)

    assert table.cost_gbp.shape == (2, 1, 1, 1, 2)
    assert table.cost_gbp[1, 0, 0, 0].tolist() == [3.0, -0.4]


def test_rows_may_come_in_any_order(path):
    header, *rows = GOOD.splitlines()
    path.write_text("\n".join([header, *rows[::-1]]), encoding="utf-8")

    table = read_cost_table(path)

    assert table.networks == ("b", "a")
    assert table.cost_gbp[1, 0, 0, 0].tolist() == [1.5, 2.5]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("b,N,0,0,1,-4e-1\n", "", "no row for b, N, day 0, window 0, option 1"),
        (
            "a,N,0,0,1,2.5\n",
            "a,N,0,0,999999999,2.5\n",
            "no row for a, N, day 0, window 0, option 1",
        ),
        ("a,N,0,0,1", "a,N,0,0,0", "row 3: a, N, day 0, window 0, option 0 again, as in row 2"),
        ("b,N,0,0,0", "b,N,0,0,no-link", "no row for a, N, day 0, window 0, no-link"),
        ("2.5", "nan", "row 3, column 'cost_gbp': 'nan', wanted a number"),
        ("2.5", "inf", "row 3, column 'cost_gbp': 'inf', wanted a number"),
        ("2.5", "", "row 3, column 'cost_gbp': '', wanted a number"),
        ("2.5", "dear", "row 3, column 'cost_gbp': 'dear', wanted a number"),
        (
            "a,N,0,0,1",
            "a,N,0,-1,1",
            "row 3, column 'window': '-1', wanted a whole number from 0",
        ),
        ("a,N,0,0,1", "a,N,x,0,1", "row 3, column 'day': 'x', wanted a whole number from 0"),
        ("a,N,0,0,1", "a,,0,0,1", "row 3, column 'scenario': empty, wanted a name"),
        ("a,N,0,0,1", ",N,0,0,1", "row 3, column 'network': empty, wanted a name"),
        (
            "a,N,0,0,1",
            "a,N,0,0,1.5",
            "row 3, column 'option': '1.5', wanted a whole number from 0 or 'no-link'",
        ),
        ("a,N,0,0,1,2.5", "a,N,0,0,1,2.5,9", "row 3: more cells than columns"),
        (
            "cost_gbp",
            "costs",
            "first row 'network,scenario,day,window,option,costs', wanted "
            "'network,scenario,day,window,option,cost_gbp'",
        ),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_reason(path, old, new, reason):
    assert refusal(path, GOOD.replace(old, new, 1)) == reason


def test_a_table_without_rows_is_refused(path):
    assert refusal(path, GOOD.splitlines()[0]) == "no rows, wanted one for each cell"


def test_one_network_alone_is_refused(path):
    text = "\n".join(GOOD.splitlines()[:3])

    assert refusal(path, text) == "wanted two networks and two options or more"


def test_a_missing_file_is_refused(path):
    with pytest.raises(CostTableRefused, match="No such file"):
        read_cost_table(path)


def test_a_file_that_is_no_text_is_refused(path):
    path.write_bytes(b"\xff\xfe\x00\x80")

    with pytest.raises(CostTableRefused, match="cannot be read"):
        read_cost_table(path)
