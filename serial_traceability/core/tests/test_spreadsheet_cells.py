"""Cells that a spreadsheet must not take for formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serial_traceability.core.spreadsheet import guarded, unguarded

STARTS = "=+-@\t\r"


@pytest.mark.parametrize("start", STARTS)
def test_what_would_be_a_formula_gets_an_apostrophe(start):
    assert guarded(f"{start}A1") == f"'{start}A1"


@pytest.mark.parametrize("cell", ["", "A1", "1-2", "a=b", "'A1", "]d201", " =1"])
def test_what_is_no_formula_stays(cell):
    assert guarded(cell) == cell == unguarded(cell)


@given(st.text("'=+-@\t\rA1", max_size=8))
def test_what_was_guarded_is_never_a_formula_and_can_be_read_again(cell):
    assert not guarded(cell).startswith(tuple(STARTS))
    assert unguarded(guarded(cell)) == cell
