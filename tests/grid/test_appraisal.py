"""An appraisal is solved once, kept whole, and follows from its input alone."""

from dataclasses import fields, replace

import numpy as np
import pytest

from grid.anglesey import anglesey
from grid.appraisal import Scores, appraise
from grid.cache import default_folder, physics_key
from grid.case import Prices, equal_options

THREE = equal_options(3)
NAMES = [f.name for f in fields(Scores)]


def assert_equal(one, other):
    for name in NAMES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        np.testing.assert_array_equal(getattr(one.no_link, name), getattr(other.no_link, name))
    for mine, others in zip(one.vm_pu, other.vm_pu, strict=True):
        np.testing.assert_array_equal(mine, others)
    assert one.bus_names == other.bus_names


@pytest.fixture
def small():
    return anglesey(options_mw=THREE)


def test_the_axes_are_network_scenario_day_window_option(appraisal):
    for name in NAMES:
        assert getattr(appraisal, name).shape == (2, 3, 1, 48, 13)
        assert getattr(appraisal.no_link, name).shape == (2, 3, 1, 48)
    assert [vm_pu.shape for vm_pu in appraisal.vm_pu] == [
        (3, 1, 48, 13, 14),
        (3, 1, 48, 13, 15),
    ]
    assert [len(names) for names in appraisal.bus_names] == [14, 15]
    assert appraisal.scenarios == ("N", "D", "G")
    assert appraisal.networks == ("network-1", "network-2")


def test_the_arrays_are_read_only(appraisal):
    for array in (appraisal.cost_gbp, appraisal.losses_mw, appraisal.no_link.cost_gbp):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        appraisal.vm_pu[0][0] = 0


def test_the_extremes_are_those_of_the_voltage_profile(appraisal):
    for seat in (0, 1):
        np.testing.assert_array_equal(
            appraisal.vm_min_pu[seat], appraisal.vm_pu[seat].min(axis=-1)
        )
        np.testing.assert_array_equal(
            appraisal.vm_max_pu[seat], appraisal.vm_pu[seat].max(axis=-1)
        )


def test_breaches_are_where_voltage_or_loading_leaves_its_limits(appraisal):
    expected = (
        (appraisal.vm_min_pu < 0.94)
        | (appraisal.vm_max_pu > 1.06)
        | (appraisal.loading_max > 1)
    )

    np.testing.assert_array_equal(appraisal.breaches, expected)
    assert appraisal.breaches.any()
    assert not appraisal.breaches.all()


def test_a_second_appraisal_is_read_from_disk_and_the_same(case, appraisal, cache):
    told = []

    again = appraise(case, cache, lambda *done: told.append(done))

    assert told == []
    assert_equal(again, appraisal)


def test_progress_counts_up_to_all_load_flows(small, tmp_path):
    told = []

    appraise(small, tmp_path, lambda done, total: told.append((done, total)))

    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (2 * 3 * 48 * 4, 2 * 3 * 48 * 4)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not an archive", None])
def test_a_damaged_cache_file_is_solved_anew(small, tmp_path, damage):
    sound = appraise(small, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-4000] if damage is None else damage)

    again = appraise(small, tmp_path)

    assert_equal(again, sound)


def test_a_flipped_byte_is_not_trusted(small, tmp_path):
    sound = appraise(small, tmp_path)
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)

    assert_equal(appraise(small, tmp_path), sound)


def test_a_file_that_lacks_an_array_is_solved_anew(small, tmp_path):
    sound = appraise(small, tmp_path)
    (path,) = tmp_path.iterdir()
    np.savez(path, losses_mw=np.zeros(3))

    assert_equal(appraise(small, tmp_path), sound)


def test_nothing_but_the_one_file_is_left_behind(small, tmp_path):
    appraise(small, tmp_path / "deep" / "down")

    assert [path.suffix for path in (tmp_path / "deep" / "down").iterdir()] == [".npz"]


def test_a_cache_that_cannot_be_written_costs_time_only(small, tmp_path):
    file = tmp_path / "file"
    file.write_text("in the way")

    assert appraise(small, file).converged.all()
    assert file.read_text() == "in the way"


def test_a_cache_file_that_cannot_take_its_place_costs_time_only(small, tmp_path):
    key = physics_key(small, with_options=True)
    (tmp_path / f"{key}.npz" / "occupied").mkdir(parents=True)

    assert appraise(small, tmp_path).converged.all()
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_prices_change_costs_without_another_load_flow(small, tmp_path):
    told = []
    first = appraise(small, tmp_path)

    dearer = appraise(
        replace(small, prices=Prices(losses=0.0, utilisation=1.0, voltage=0.0)),
        tmp_path,
        lambda *done: told.append(done),
    )

    assert told == []
    np.testing.assert_array_equal(dearer.cost_gbp, first.line_utilisation)


def test_all_that_load_flows_follow_from_changes_the_hash(small):
    first, second = small.networks
    variants = [
        small,
        anglesey(),
        replace(small, scenarios={"N": (1.0, 1.0)}),
        replace(small, scenarios={"N": (1.0, 1.0), "D": (3.0, 1.0), "G": (1.0, 2.0)}),
        replace(small, controls=replace(small.controls, tap_target_pu=1.02)),
        replace(small, networks=(replace(first, terminal=3), second)),
        replace(small, networks=(replace(first, demand=first.demand * 1.0001), second)),
        replace(small, networks=(first, replace(second, generation=second.generation * 0.9))),
        replace(small, networks=(first, replace(second, pandapower_json="{}"))),
    ]

    keys = {physics_key(variant, with_options=True) for variant in variants}

    assert len(keys) == len(variants)
    assert physics_key(small, with_options=True) == physics_key(
        anglesey(options_mw=THREE), with_options=True
    )


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.delenv("GRIDPACT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "gridpact"

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "gridpact"

    monkeypatch.setenv("GRIDPACT_CACHE", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"


def test_days_of_a_long_run_do_not_depend_on_its_length(tmp_path):
    two, three = (appraise(anglesey(days=k, options_mw=THREE), tmp_path) for k in (2, 3))

    np.testing.assert_allclose(two.cost_gbp, three.cost_gbp[:, :, :2], rtol=0, atol=1e-9)
