"""Drawing a random sample that anybody can draw again from its record."""

import hashlib
from collections.abc import Iterable


def draw(seed: str, population: Iterable[int], size: int) -> list[int]:
    """Return ``size`` members of a population, all equally likely.

    Each member is ranked by SHA-256 of seed and id, so that whoever has the seed, the
    population and this rule gets the same sample in any language, and nobody who has
    not the seed can say who will be in it.

    :param seed: unpredictable text, drawn after the population stood fast.
    :param population: ids, in any order.
    :param size: how many; all where there are no more.
    :return: ids, in the order drawn.

    >>> draw("0f", [4, 8, 15, 16, 23, 42], 2)
    [8, 42]
    >>> draw("0f", [42, 23, 16, 15, 8, 4, 4], 2)
    [8, 42]
    >>> sorted(draw("0f", [1, 2], 5))
    [1, 2]
    """
    return sorted(set(population), key=lambda member: _rank(seed, member))[
        : max(size, 0)
    ]


def _rank(seed: str, member: int) -> tuple[str, int]:
    return hashlib.sha256(f"{seed}:{member}".encode()).hexdigest(), member
