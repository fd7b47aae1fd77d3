"""Units and numbers of one place, compared."""

import pytest

from serial_traceability.core.stocktake import Place, find_problem


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        (Place(0, 0), None),
        (Place(3, 3, reserved=2, on_lines=2), None),
        (Place(3, 2), "numbers"),
        (Place(3, 4), "numbers"),
        (Place(0, 1), "numbers"),
        (Place(-1, 0), "negative"),
        (Place(2.5, 2), "fraction"),
        (Place(2, 2, reserved=0.5, on_lines=0.5), "fraction"),
        (Place(2, 2, reserved=3, on_lines=3), "over_reserved"),
        (Place(2, 2, reserved=1, on_lines=0), "over_reserved"),
        (Place(2, 2, counting=True), "counting"),
    ],
)
def test_a_place_fits_or_says_what_does_not(place, problem):
    assert find_problem(place) == problem


def test_negative_stock_speaks_before_missing_numbers():
    assert find_problem(Place(-2.5, 4, reserved=9)) == "negative"
