"""The paper's two algorithms as they are printed, misprints included.

Kept to show what they would do; the mechanisms in `market` follow the paper's text.
"""

from collections.abc import Sequence


def printed_algorithm_1(first: Sequence[int], second: Sequence[int]) -> int | None:
    """Return what Algorithm 1 selects from two lists of offers; None for nothing.

    It starts from a highest sum of zero and wants strictly more, so that all-zero offers
    select nothing, and a tie goes to the first bin rather than to authority.

    >>> printed_algorithm_1([6, 2, 0], [0, 4, 3]), printed_algorithm_1([0, 0], [0, 0])
    (0, None)
    """
    selected, highest = None, 0
    for option, offers in enumerate(zip(first, second, strict=True)):
        if sum(offers) > highest:
            selected, highest = option, sum(offers)
    return selected


def printed_algorithm_2(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """Return the options that Algorithm 2 keeps of two lists of ranks, 1 best.

    Line 4 has the wrong sign: it drops an option that *is* better than another for both.

    >>> printed_algorithm_2([1, 2, 3], [1, 2, 3])
    [2]
    """
    kept = []
    for option in range(len(first)):
        others = [other for other in range(len(first)) if other != option]
        if not any(
            first[option] < first[other] and second[option] < second[other] for other in others
        ):
            kept.append(option)
    return kept
