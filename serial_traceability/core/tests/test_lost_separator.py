import pytest

from ..lost_separator import possible_units

GTIN = "09520001100017"


@pytest.mark.parametrize(
    ("rest", "serial"),
    [
        ("21SN110B7", "SN1"),
        ("21SN1", "SN1"),
        ("10B721SN1", "SN1"),
        ("17301231" + "10B721SN1", "SN1"),
        ("21SN1" + "17301231" + "10B7", "SN1"),
        ("2121", "21"),
    ],
)
def test_the_serial_is_among_the_readings(rest, serial):
    unit = possible_units(f"01{GTIN}{rest}")
    assert unit.gtin == GTIN
    assert serial in unit.serials


def test_symbology_identifier_is_no_part_of_the_symbol():
    assert possible_units(f"]d201{GTIN}21SN1") == possible_units(f"01{GTIN}21SN1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SN1",
        f"01{GTIN}10B7",
        f"01{GTIN[:-1]}821SN1",
        f"01{GTIN}21",
        f"01{GTIN}21SN 1",
    ],
    ids=["empty", "plain", "no serial", "check digit", "no value", "character"],
)
def test_what_names_no_unit_is_none(text):
    unit = possible_units(text)
    assert unit is None or "SN 1" not in unit.serials


def test_readings_are_few_however_long_the_text():
    unit = possible_units(f"01{GTIN}" + "21" * 4000)
    assert len(unit.serials) < 1000
    assert all(len(serial) <= 20 for serial in unit.serials)
