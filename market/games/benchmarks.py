"""What could be in place of a mechanism, and how evenly its gains are shared.

A mechanism sees bids; a benchmark sees the costs themselves. Axes are
``(…, party, window, option)``, and every benchmark is a plan for all windows.
"""

from dataclasses import dataclass

import numpy as np

from market.types import Floats, Options


@dataclass(frozen=True, eq=False)
class Plan:
    """How likely each option is in each window, and who pays."""

    chances: Floats
    """Shape (…, window, option); what a window's chances leave to one is no link."""

    payments_gbp: Floats
    """What each party pays, negative if it receives, shape (…, party, window)."""

    @property
    def option(self) -> Options:
        """The likeliest option of each window, the lowest among equals; -1 for no link."""
        return np.where(self.chances.any(-1), self.chances.argmax(-1), -1)


def central_optimum(costs_gbp: Floats) -> Plan:
    """Return the plan of one controller of all networks: the least total cost.

    Parameters
    ----------
    costs_gbp : ndarray of float, shape (…, party, window, option)
        What the window costs each party at each option, in GBP.

    Returns
    -------
    Plan
        Of equal totals the lowest index; nobody pays.

    Examples
    --------
    >>> central_optimum(np.array([[[4.0, 1.0, 0.0]], [[0.0, 1.0, 9.0]]])).option.tolist()
    [1]
    """
    return _unpaid(costs_gbp, costs_gbp.sum(-3).argmin(-1))


def best_fixed(costs_gbp: Floats) -> Plan:
    """Return the plan of the one option that costs least if it holds in every window.

    Parameters
    ----------
    costs_gbp : ndarray of float, shape (…, party, window, option)
        In GBP. Known only afterwards, so that a schedule made beforehand does no better.

    Examples
    --------
    The first option is best in the first window, but the second over both:

    >>> first, second = [[0.0, 1.0], [3.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]
    >>> best_fixed(np.array([first, second])).option.tolist()
    [1, 1]
    """
    best = costs_gbp.sum((-3, -2)).argmin(-1)
    return _unpaid(costs_gbp, np.repeat(best[..., np.newaxis], costs_gbp.shape[-2], -1))


def fixed(costs_gbp: Floats, option: int) -> Plan:
    """Return the plan of a given option in every window.

    Examples
    --------
    >>> fixed(np.zeros((2, 3, 5)), 4).option.tolist()
    [4, 4, 4]
    """
    shape = (*costs_gbp.shape[:-3], costs_gbp.shape[-2])
    return _unpaid(costs_gbp, np.full(shape, option))


def random_option(costs_gbp: Floats) -> Plan:
    """Return the plan of drawing an option, each as likely as any other.

    Examples
    --------
    >>> random_option(np.zeros((2, 1, 4))).chances.tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    shape = (*costs_gbp.shape[:-3], *costs_gbp.shape[-2:])
    return Plan(np.full(shape, 1 / shape[-1]), np.zeros(costs_gbp.shape[:-1]))


def no_link(costs_gbp: Floats) -> Plan:
    """Return the plan of leaving the element out of service.

    Examples
    --------
    >>> no_link(np.zeros((2, 1, 4))).option.tolist()
    [-1]
    """
    shape = (*costs_gbp.shape[:-3], *costs_gbp.shape[-2:])
    return Plan(np.zeros(shape), np.zeros(costs_gbp.shape[:-1]))


def bargain_with_money(costs_gbp: Floats, no_link_gbp: Floats) -> Plan:
    """Return the Nash bargaining solution where money can change hands [1]_.

    The product of all gains over no link is largest at the option of least total cost, with
    payments that leave every party the same gain. Where no option costs all together less
    than no link, there is no agreement, and no link.

    Parameters
    ----------
    costs_gbp : ndarray of float, shape (…, party, window, option)
        What the window costs each party at each option, in GBP.
    no_link_gbp : ndarray of float, shape (…, party, window)
        What it costs without the element, in GBP: where no agreement leaves the parties.

    References
    ----------
    .. [1] J. F. Nash, "The bargaining problem", Econometrica 18(2), 1950.

    Examples
    --------
    The second option saves the first party 6 and costs the other 2: each gains 2.

    >>> costs, alone = np.array([[[9.0, 4.0]], [[3.0, 5.0]]]), np.array([[10.0], [3.0]])
    >>> plan = bargain_with_money(costs, alone)
    >>> plan.option.tolist(), plan.payments_gbp.tolist()
    ([1], [[4.0], [-4.0]])
    """
    best = costs_gbp.sum(-3).argmin(-1)
    gains = no_link_gbp - _at(costs_gbp, best)
    agreed = gains.sum(-2) > 0
    share = gains.mean(-2, keepdims=True)
    return Plan(
        _only(best, costs_gbp.shape[-1]) * agreed[..., np.newaxis],
        (gains - share) * agreed[..., np.newaxis, :],
    )


def bargain_without_money(costs_gbp: Floats, no_link_gbp: Floats) -> Plan:
    """Return the Nash bargaining solution over the options alone [1]_.

    Of the options that leave nobody worse off than no link, the one with the largest product
    of gains; then the largest sum of gains, so that it is undominated, then the lowest index.
    Where there is none, or none gains anybody anything, no link.

    Parameters
    ----------
    costs_gbp : ndarray of float, shape (…, party, window, option)
        What the window costs each party at each option, in GBP.
    no_link_gbp : ndarray of float, shape (…, party, window)
        What it costs without the element, in GBP.

    References
    ----------
    .. [1] J. F. Nash, "The bargaining problem", Econometrica 18(2), 1950; for finitely
       many agreements, M. Mariotti, Social Choice and Welfare 15(3), 1998.

    Examples
    --------
    The first option gains all together most, and leaves the second party worse off:

    >>> costs = np.array([[[0.0, 8.0, 7.0]], [[7.0, 3.0, 5.0]]])
    >>> bargain_without_money(costs, np.array([[10.0], [6.0]])).option.tolist()
    [1]
    """
    gains = no_link_gbp[..., np.newaxis] - costs_gbp
    willing = np.greater_equal(gains.min(-3), 0) & np.greater(gains.max(-3), 0)
    product = np.where(willing, gains.clip(0.0).prod(-3), -np.inf)
    largest = np.equal(product, product.max(-1, keepdims=True)) & willing
    best = np.where(largest, gains.sum(-3), -np.inf).argmax(-1)
    chances = _only(best, costs_gbp.shape[-1]) * willing.any(-1)[..., np.newaxis]
    return Plan(chances, np.zeros(costs_gbp.shape[:-1]))


def jain(gains: Floats) -> Floats:
    r"""Return Jain's index: 1 if all gain the same, 1/n if one party gains everything [1]_.

    It is :math:`(\sum x)^2 / (n \sum x^2)`; a loss counts as no gain. Not a number where
    nobody gains.

    Parameters
    ----------
    gains : ndarray of float, shape (…, party)
        In any unit.

    References
    ----------
    .. [1] R. Jain, D. Chiu and W. Hawe, "A quantitative measure of fairness and
       discrimination for resource allocation in shared computer systems", DEC-TR-301, 1984.

    Examples
    --------
    >>> jain(np.array([[3.0, 3.0], [5.0, -1.0]])).tolist()
    [1.0, 0.5]
    """
    counted = np.maximum(gains, 0.0)
    squares = gains.shape[-1] * (counted**2).sum(-1)
    return np.divide(
        counted.sum(-1) ** 2, squares, out=np.full(squares.shape, np.nan), where=squares > 0
    )


def gini(gains: Floats) -> Floats:
    r"""Return the Gini coefficient: 0 if all gain the same, (n-1)/n if one gains everything.

    It is :math:`\sum_{ij} |x_i - x_j| / (2 n \sum x)` [1]_; a loss counts as no gain. Not a
    number where nobody gains.

    Parameters
    ----------
    gains : ndarray of float, shape (…, party)
        In any unit.

    References
    ----------
    .. [1] C. Gini, "Measurement of inequality of incomes", Economic Journal 31, 1921.

    Examples
    --------
    >>> gini(np.array([[3.0, 3.0], [5.0, -1.0]])).tolist()
    [0.0, 0.5]
    """
    counted = np.maximum(gains, 0.0)
    apart = np.abs(counted[..., :, np.newaxis] - counted[..., np.newaxis, :]).sum((-2, -1))
    total = 2 * gains.shape[-1] * counted.sum(-1)
    return np.divide(apart, total, out=np.full(total.shape, np.nan), where=total > 0)


def _unpaid(costs_gbp: Floats, option: Options) -> Plan:
    """Return the plan of certain options for which nobody pays."""
    return Plan(_only(option, costs_gbp.shape[-1]), np.zeros(costs_gbp.shape[:-1]))


def _only(option: Options, count: int) -> Floats:
    """Return chances of one for an option, and none for the rest."""
    return np.equal(option[..., np.newaxis], np.arange(count)).astype(float)


def _at(costs_gbp: Floats, option: Options) -> Floats:
    """Return what each party's chosen options cost, shape (…, party, window)."""
    index = option[..., np.newaxis, :, np.newaxis]
    return np.take_along_axis(costs_gbp, index, -1)[..., 0]
