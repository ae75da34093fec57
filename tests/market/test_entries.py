"""Entries and rows are those that numpy names, whatever the leading axes."""

import numpy as np
import pytest

from market.mechanisms.entries import at, highest, row_of, summed_but

LEADS = [(), (3,), (2, 3)]


def _tables(lead):
    return np.random.default_rng(1).integers(0, 9, (*lead, 4, 5))


@pytest.mark.parametrize("lead", LEADS)
def test_entries_are_those_along_the_last_axis(lead):
    tables = _tables(lead)
    index = tables[..., 0] % 5

    expected = np.take_along_axis(tables, index[..., None], -1)[..., 0]

    assert at(tables, index).tolist() == expected.tolist()


@pytest.mark.parametrize("lead", LEADS)
def test_one_index_serves_all_rows_of_a_table(lead):
    tables = _tables(lead)
    index = tables[..., 0, 0] % 5

    expected = np.take_along_axis(tables, index[..., None, None], -1)[..., 0]

    assert at(tables, index[..., None]).tolist() == expected.tolist()


@pytest.mark.parametrize("lead", LEADS)
def test_a_row_is_the_one_of_its_seat_in_each_table(lead):
    tables = _tables(lead)
    seat = tables[..., 0, 0] % 4

    expected = np.take_along_axis(tables, seat[..., None, None], -2)[..., 0, :]

    assert row_of(seat, tables).tolist() == expected.tolist()


def test_arrays_that_are_no_block_of_memory_are_read_in_their_own_order():
    turned = np.moveaxis(_tables((2, 3)), 0, 1)
    seat = turned[..., 0, 0] % 4

    assert row_of(seat, turned).tolist() == row_of(seat, turned.copy()).tolist()
    assert at(turned, seat[..., None]).tolist() == at(turned.copy(), seat[..., None]).tolist()


@pytest.mark.parametrize("lead", LEADS)
def test_the_highest_and_the_sum_of_the_others_are_numpys(lead):
    tables = _tables(lead)

    assert highest(tables).tolist() == tables.max(-1, keepdims=True).tolist()
    assert summed_but(tables, 2).tolist() == np.delete(tables, 2, -2).sum(-2).tolist()
