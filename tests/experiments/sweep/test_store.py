import errno
import os

import pytest

from experiments.identity import key_of
from experiments.sweep.store import Store
from experiments.whole_file import write_whole

KEY = key_of(x=1)


def test_what_is_kept_is_found_and_nothing_else(tmp_path):
    store = Store(tmp_path / "cells")
    assert store.get(KEY) is None
    store.put(KEY, {"scores": {"y": 0.1, "nan": float("nan")}})
    found = store.get(KEY)
    assert found["scores"]["y"] == 0.1
    assert found["scores"]["nan"] != found["scores"]["nan"]
    assert store.get(key_of(x=2)) is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"x", None])
def test_a_damaged_result_is_none(tmp_path, damage):
    store = Store(tmp_path)
    store.put(KEY, {"scores": {"y": 1.0}})
    path = tmp_path / KEY[:2] / KEY
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert store.get(KEY) is None
    store.put(KEY, {"scores": {"y": 1.0}})
    assert store.get(KEY) == {"scores": {"y": 1.0}}


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    store = Store(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(KEY, {"scores": {}})
    assert list((tmp_path / KEY[:2]).iterdir()) == []
    assert store.get(KEY) is None


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "table"
    write_whole(path, lambda aside: aside.write_text("old"))

    def fail(aside):
        aside.write_text("half")
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["table"]
    assert path.stat().st_mode & 0o044, "others may read results"
