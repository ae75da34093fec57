"""The journal outlives a crash at any byte."""

import json

import pytest

from experiments.errors import InputRefused, OutputRefused
from experiments.operator.journal import Entry, Journal

CONTRACT = "0x" + "11" * 20


def entry(session, salt="aa"):
    return Entry(1, CONTRACT, 0, session, 1, "00000009", "02000900000001", salt * 32, 14)


def kept(path):
    with Journal(path) as journal:
        return journal.entries(1, CONTRACT, 0)


def test_what_was_written_is_there_after_a_restart(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.write(entry(0))
        journal.write(entry(1))

    assert kept(path) == {0: entry(0), 1: entry(1)}
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(json.loads(line)["schema"] == 1 for line in path.read_text().splitlines())


def test_a_torn_last_line_is_dropped_wherever_it_is_torn(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.write(entry(0))
        whole = path.stat().st_size
        journal.write(entry(1))
    content = path.read_bytes()

    for length in (*range(0, len(content), 11), whole - 1, whole, len(content) - 1):
        path.write_bytes(content[:length])
        first = {0: entry(0)} if length >= whole else {}
        assert kept(path) == first
        with Journal(path) as journal:
            journal.write(entry(2))
        assert kept(path) == first | {2: entry(2)}


def test_the_first_entry_for_a_session_counts(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.write(entry(0))
        journal.write(entry(0, salt="bb"))

    assert kept(path) == {0: entry(0)}


def test_entries_of_other_contracts_seats_and_chains_are_not_ours(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        journal.write(entry(0))

        assert journal.entries(2, CONTRACT, 0) == {}
        assert journal.entries(1, "0x" + "22" * 20, 0) == {}
        assert journal.entries(1, CONTRACT, 1) == {}


def test_two_processes_do_not_share_a_journal(tmp_path):
    path = tmp_path / "journal"
    with (
        Journal(path),
        pytest.raises(OutputRefused, match="is held by another process"),
    ):
        Journal(path)


def test_a_journal_that_cannot_be_written_to_is_refused(tmp_path):
    with pytest.raises(OutputRefused, match="cannot be written to"):
        Journal(tmp_path)


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "{}", '{"schema": 9}', '{"schema": 1, "seat": 0}'],
)
def test_a_line_that_is_no_entry_is_named(tmp_path, line):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.write(entry(0))
    path.write_text(path.read_text() + line + "\n")

    with pytest.raises(InputRefused, match=r"journal: line 2"):
        Journal(path)
