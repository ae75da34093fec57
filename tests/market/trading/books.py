"""Orders to test with, and the plainest way to clear them."""

import numpy as np
from hypothesis import strategies as st

from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, Orders
from market.trading.tariff import Tariff

TARIFF = Tariff(buy=2500, sell=500)


def book(*orders):
    """Return orders of one window, given as pairs of a quantity and a limit."""
    wanted, limits = np.array(orders, np.int64).T
    return Orders(wanted[:, np.newaxis], limits[:, np.newaxis])


@st.composite
def books(draw, most_wh=9, most_price=9, parties=(1, 7)):
    """Draw orders of one window, small enough that limits and ends often coincide."""
    count = draw(st.integers(*parties))
    quantity, price = st.integers(-most_wh, most_wh), st.integers(0, most_price)
    return book(*draw(st.lists(st.tuples(quantity, price), min_size=count, max_size=count)))


def any_books():
    """Draw orders of one window, small or as large as any may be."""
    return st.one_of(books(), books(HIGHEST_QUANTITY, HIGHEST_PRICE))


def pairs(orders):
    """Return who trades with whom in one window, order by order: (buyer, seller, wh)."""
    wanted, limit = orders.quantity_wh[:, 0].tolist(), orders.limit[:, 0].tolist()
    left = [abs(quantity) for quantity in wanted]
    buyers = sorted((s for s, q in enumerate(wanted) if q > 0), key=lambda s: (-limit[s], s))
    sellers = sorted((s for s, q in enumerate(wanted) if q < 0), key=lambda s: (limit[s], s))
    found = []
    while buyers and sellers and limit[buyers[0]] >= limit[sellers[0]]:
        buyer, seller = buyers[0], sellers[0]
        amount = min(left[buyer], left[seller])
        found.append((buyer, seller, amount))
        for side in (buyers, sellers):
            left[side[0]] -= amount
            if not left[side[0]]:
                side.pop(0)
    return found
