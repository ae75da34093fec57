"""Profile files are read whole, or refused by row, column and reason."""

import numpy as np
import pytest

from grid.errors import ProfileRefused
from grid.profiles import read_profiles, stack


def half(_day, _window):
    return 0.5


def text(windows=48, days=1, demand=half):
    rows = [f"{d},{w},{demand(d, w)},0.25" for d in range(days) for w in range(windows)]
    return "\n".join(["day,window,demand,wind", *rows, ""])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profiles.csv"


def refusal(path, content):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ProfileRefused) as caught:
        read_profiles(path)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("windows", [46, 48, 50])
def test_days_of_46_48_and_50_windows_are_read(path, windows):
    path.write_text(text(windows, 2, lambda day, window: day + window / 100), encoding="utf-8")

    profiles = read_profiles(path)

    assert profiles.keys() == {"demand", "wind"}
    expected = np.arange(2)[:, np.newaxis] + np.arange(windows) / 100
    np.testing.assert_allclose(profiles["demand"], expected)


def test_rows_may_come_in_any_order(path):
    header, *rows = text(days=2, demand=lambda day, window: 100 * day + window).splitlines()
    path.write_text("\n".join([header, *rows[::-1]]), encoding="utf-8")

    demand = read_profiles(path)["demand"]

    np.testing.assert_array_equal(demand, [np.arange(48), 100 + np.arange(48)])


@pytest.mark.parametrize("bad", ["nan", "inf", "-0.1", "", "much"])
def test_a_share_that_is_no_number_of_0_or_more_is_refused(path, bad):
    reason = refusal(path, text().replace("0,7,0.5", f"0,7,{bad}"))

    assert reason == f"row 9, column 'demand': {bad!r}, wanted a number of 0 or more"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (text(47), "47 windows a day, wanted 46, 48 or 50"),
        (text(1), "1 windows a day, wanted 46, 48 or 50"),
        (text().replace("0,7,0.5,0.25\n", ""), "no row for day 0, window 7"),
        (text().replace("0,7,", "9999999999,7,"), "no row for day 0, window 7"),
        (text().replace("0,7,", "0,6,"), "row 9: day 0, window 6 again, as in row 8"),
        (
            text().replace("0,7,", "0,7.0,"),
            "row 9, column 'window': '7.0', wanted a whole number from 0",
        ),
        (text().replace("0,7,0.5", "0,7,0.5,1"), "row 9: more cells than columns"),
        (text().replace("day,", "days,"), "no column 'day' in the first row"),
        (
            text().replace("wind\n", "demand\n", 1).replace("window", "window"),
            "two columns of one name",
        ),
        ("day,window,demand\n", "no rows, wanted one for each window"),
        ("", "no column 'day' in the first row"),
    ],
)
def test_a_file_with_gaps_repeats_or_other_columns_is_refused(path, content, reason):
    assert refusal(path, content) == reason


def test_a_missing_file_is_refused(path):
    with pytest.raises(ProfileRefused, match="No such file"):
        read_profiles(path)


def test_a_file_that_is_no_text_is_refused(path):
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ProfileRefused, match="cannot be read"):
        read_profiles(path)


def test_the_first_column_that_is_there_counts(path):
    profiles = {"demand": np.full((1, 48), 0.5), "load:a": np.full((1, 48), 0.9)}
    elements = [(f"load {name!r}", (f"load:{name}", "demand")) for name in "ab"]

    shares, used = stack(path, profiles, elements)

    assert shares.shape == (1, 48, 2)
    assert shares[0, 0].tolist() == [0.9, 0.5]
    assert used == {"demand", "load:a"}


def test_an_element_without_a_column_is_refused(path):
    profiles = {"demand": np.ones((1, 48))}

    with pytest.raises(ProfileRefused) as refused:
        stack(path, profiles, [("sgen 'W1'", ("sgen:W1", "wind", "generation"))])

    wanted = "wanted a column 'sgen:W1' or 'wind' or 'generation'"
    assert refused.value.reason == f"nothing for sgen 'W1', {wanted}"
