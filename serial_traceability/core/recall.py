"""Which units a recall is about: the parts of its scope that need no database."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TypeVar

from .errors import RuleError
from .spreadsheet import guarded

_T = TypeVar("_T")
#: Where a unit may be, as an impact tells it, in the order of urgency.
PLACES = (
    "on_hand",
    "reserved",
    "in_transit",
    "delivered",
    "consumed",
    "scrapped",
    "supplier",
    "unknown",
)


def check_range(first: str, last: str) -> tuple[str, str]:
    """Return the ends of a range of serials, stripped.

    Numbers of the same length are compared character by character, by their code: of
    numbers with leading zeros that is the order in which they are counted. Numbers of
    another length than the ends are not in the range.

    :raises RuleError: where an end is missing (code ``end_missing``), the ends differ
        in length (``length``) or stand the wrong way round (``order``).

    >>> check_range(" SN0001", "SN0100")
    ('SN0001', 'SN0100')
    """
    first, last = first.strip(), last.strip()
    if not first or not last:
        raise RuleError(
            "A range of serials has two ends.",
            code="end_missing",
            value=first or last,
            expected="the first and the last serial",
        )
    if len(first) != len(last):
        raise RuleError(
            f"{first!r} and {last!r} differ in length.",
            code="length",
            value=last,
            expected=f"{len(first)} characters",
        )
    if first > last:
        raise RuleError(
            f"{first!r} comes after {last!r}.",
            code="order",
            value=first,
            expected=f"at most {last}",
        )
    return first, last


def in_range(number: str, first: str, last: str) -> bool:
    """Return whether a serial is in a range of :func:`check_range`.

    >>> [in_range(number, "SN08", "SN12") for number in ("SN09", "SN9", "SN13")]
    [True, False, False]
    """
    return len(number) == len(first) and first <= number <= last


def total(counts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the number of units by place, each of :data:`PLACES` and ``total``.

    >>> total([("on_hand", 2), ("delivered", 3), ("on_hand", 1)])["on_hand"]
    3
    """
    sums: dict[str, float] = dict.fromkeys((*PLACES, "total"), 0)
    for place, count in counts:
        sums[place] += count
        sums["total"] += count
    return sums


def percent(part: float, whole: float) -> float:
    """Return a share in percent; of nothing, nothing is left to find.

    >>> percent(1, 4), percent(0, 0)
    (25.0, 100.0)
    """
    return 100.0 * part / whole if whole else 100.0


def cells(values: Iterable[object]) -> list[object]:
    """Return the cells of a row, texts as a spreadsheet never takes them for formulas.

    >>> cells(["=1+1", 2, None])
    ["'=1+1", 2, '']
    """
    return [
        guarded(value) if isinstance(value, str) else "" if value is None else value
        for value in values
    ]


def alternatives(criteria: Iterable[Sequence[_T]]) -> list[tuple[_T, ...]]:
    """Return the ways in which one rule is fulfilled: one way of each criterion.

    Each way is a plain AND, which a database plans well where it plans ORs badly.

    >>> alternatives([["a"], ["b", "c"]])
    [('a', 'b'), ('a', 'c')]
    """
    return list(product(*criteria))
