"""Names of results: another for all that makes a difference, sources included."""

from experiments import identity as module
from experiments.identity import file_sha256, key_of


def test_a_change_of_any_source_makes_another_key(monkeypatch):
    before = key_of(seed=0)

    monkeypatch.setattr(module, "sources_sha256", lambda: "another")

    assert key_of(seed=0) != before


def test_the_hash_of_sources_tells_a_changed_file_from_the_same(tmp_path, monkeypatch):
    (tmp_path / "market").mkdir()
    (tmp_path / "chain" / "artifacts").mkdir(parents=True)
    code, contract = tmp_path / "market" / "a.py", tmp_path / "chain" / "artifacts" / "A.json"
    monkeypatch.setattr(module, "__file__", str(tmp_path / "experiments" / "identity.py"))
    found = []
    for text, abi in (("1", "x"), ("2", "x"), ("2", "y"), ("1", "x")):
        code.write_text(text, encoding="utf-8")
        contract.write_text(abi, encoding="utf-8")
        found.append(module.sources_sha256.__wrapped__())

    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"same")
    (tmp_path / "b").write_bytes(b"same")
    (tmp_path / "c").write_bytes(b"other")
    assert file_sha256(tmp_path / "a") == file_sha256(tmp_path / "b")
    assert file_sha256(tmp_path / "a") != file_sha256(tmp_path / "c")
