"""Units of measure in EPCIS: codes of UN/CEFACT Recommendation 20, none for counts."""

from collections.abc import Iterable
from typing import NamedTuple

#: Code of each unit that comes with Odoo, by its name there; None where it counts
#: things. Left out is what Odoo means otherwise than the code does: its day has eight
#: hours.
#: Source: UN/CEFACT Recommendation 20, common codes.
UNIT_CODES: dict[str, str | None] = {
    "product_uom_unit": None,
    "product_uom_minute": "MIN",
    "product_uom_hour": "HUR",
    "product_uom_millimeter": "MMT",
    "product_uom_cm": "CMT",
    "product_uom_meter": "MTR",
    "product_uom_km": "KMT",
    "product_uom_inch": "INH",
    "product_uom_foot": "FOT",
    "product_uom_yard": "YRD",
    "product_uom_mile": "SMI",
    "product_uom_square_meter": "MTK",
    "product_uom_square_foot": "FTK",
    "product_uom_milliliter": "MLT",
    "product_uom_litre": "LTR",
    "product_uom_cubic_meter": "MTQ",
    "product_uom_floz": "OZA",
    "product_uom_qt": "QTL",
    "product_uom_gal": "GLL",
    "product_uom_cubic_inch": "INQ",
    "product_uom_cubic_foot": "FTQ",
    "product_uom_gram": "GRM",
    "product_uom_kgm": "KGM",
    "product_uom_ton": "TNE",
    "product_uom_oz": "ONZ",
    "product_uom_lb": "LBR",
    "product_uom_kwh": "KWH",
}


class Measure(NamedTuple):
    """How EPCIS says a quantity of some unit.

    :param factor: what a quantity is to be multiplied by.
    :param code: UN/CEFACT code of the product, None for a count.
    """

    factor: float = 1.0
    code: str | None = None


def find_measure(units: Iterable[tuple[str | None, float]]) -> Measure:
    """Return how EPCIS says quantities of the first of ``units``.

    A unit without a code is told in the nearest one that it is defined by.

    :param units: the unit, the one that it is defined by, and so on: name, None where
        it is not one of Odoo's own, and size in the last of them.

    >>> find_measure([("product_uom_kgm", 1000.0), ("product_uom_gram", 1.0)])
    Measure(factor=1.0, code='KGM')
    >>> find_measure([("product_uom_dozen", 12.0), ("product_uom_unit", 1.0)])
    Measure(factor=12.0, code=None)
    >>> find_measure([(None, 1.0)])
    Measure(factor=1.0, code=None)
    """
    units = list(units)
    for name, size in units:
        if name in UNIT_CODES:
            return Measure(units[0][1] / size, UNIT_CODES[name])
    return Measure()
