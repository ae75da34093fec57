"""What a meter read: from a file of lines, and into the report of a session."""

import pytest

from experiments.errors import InputRefused
from experiments.operator.readings import Reading, read_readings


def test_the_last_reading_of_a_window_counts_and_half_a_line_is_left(tmp_path):
    path = tmp_path / "readings.jsonl"
    path.write_text(
        '{"window": 0, "flow_mw": 4.2}\n'
        '{"window": 1, "flow_mw": 0, "blocked": [1]}\n'
        '{"window": 0, "flow_mw": -4.5, "blocked": []}\n'
        '{"window": 2, "flow_'
    )

    found = read_readings(path, parties=2)

    assert found == {0: Reading(-4500), 1: Reading(0, (1,))}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 1 is not JSON"),
        ('{"window": 0}', "line 1 has no key 'flow_mw'"),
        ('{"window": -1, "flow_mw": 0}', "line 1, window is -1, wanted"),
        ('{"window": 0, "flow_mw": 0.0001}', "line 1, flow_mw is 0.0001, wanted"),
        ('{"window": 0, "flow_mw": 0, "blocked": [2]}', "line 1, blocked is 2, wanted"),
        ('{"window": 0, "flow_mw": 0, "blocked": 1}', "line 1, blocked is 1, wanted a list"),
    ],
)
def test_a_line_that_is_no_reading_is_refused_by_its_number(tmp_path, line, reason):
    path = tmp_path / "readings.jsonl"
    path.write_text(line + "\n")

    with pytest.raises(InputRefused, match=r"readings\.jsonl") as refused:
        read_readings(path, parties=2)

    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="cannot be read"):
        read_readings(tmp_path / "none.jsonl", parties=2)
