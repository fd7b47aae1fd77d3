"""Whether the numbers collected for goods fit the goods: one place after the other.

A product is tracked by serials from the moment on at which each of its units has a
number. Until then each place is compared: the units that stand there, and the numbers
that were collected there.
"""

from dataclasses import dataclass
from typing import Literal

Problem = Literal["negative", "fraction", "over_reserved", "counting", "numbers"]


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in one place, in the product's unit of measure.

    :param quantity: units in stock there.
    :param reserved: units that transfers have reserved there, as stock says.
    :param on_lines: the same, as the transfers' lines say.
    :param numbers: how many numbers were collected there.
    :param counting: whether a count is entered there and not applied yet.
    """

    quantity: float
    numbers: int
    reserved: float = 0.0
    on_lines: float = 0.0
    counting: bool = False


def find_problem(place: Place) -> Problem | None:
    """Return what keeps units from getting the numbers, None where nothing does.

    ``negative`` less than nothing is in stock; ``fraction`` stock or reservations are
    not whole units; ``over_reserved`` reserved is more than there is, or something else
    than the lines say; ``counting`` a count waits to be applied; ``numbers`` more or
    fewer numbers than units.

    >>> find_problem(Place(2, 2)), find_problem(Place(2, 1)), find_problem(Place(-1, 0))
    (None, 'numbers', 'negative')
    """
    if place.quantity < 0:
        return "negative"
    if not is_whole(place.quantity) or not is_whole(place.reserved):
        return "fraction"
    if place.reserved > place.quantity or place.reserved != place.on_lines:
        return "over_reserved"
    if place.counting:
        return "counting"
    return None if place.quantity == place.numbers else "numbers"


def is_whole(quantity: float) -> bool:
    """Return whether a quantity is a whole number of units.

    >>> is_whole(2.0), is_whole(2.5)
    (True, False)
    """
    return float(quantity).is_integer()
