"""Units of measure in EPCIS."""

import pytest

from serial_traceability.core.epcis import Quantity
from serial_traceability.core.epcis.measure import UNIT_CODES, Measure, find_measure


def test_each_code_is_one_that_a_quantity_may_have():
    codes = [code for code in UNIT_CODES.values() if code]
    for code in codes:
        Quantity("https://id.gs1.org/01/09520001100017/10/A", 1, code)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("units", "measure"),
    [
        ([("product_uom_unit", 1.0)], Measure()),
        ([("product_uom_litre", 1000.0)], Measure(1.0, "LTR")),
        ([(None, 6.0), ("product_uom_unit", 1.0)], Measure(6.0)),
        (
            [(None, 25000.0), ("product_uom_kgm", 1000.0), ("product_uom_gram", 1.0)],
            Measure(25.0, "KGM"),
        ),
        ([("product_uom_day", 8.0), ("product_uom_hour", 1.0)], Measure(8.0, "HUR")),
        ([(None, 3.0), (None, 1.0)], Measure()),
    ],
)
def test_a_unit_without_code_is_told_in_what_it_is_defined_by(units, measure):
    assert find_measure(units) == measure
