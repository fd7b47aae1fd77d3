"""Every symbol is read back by a scanner library: kind and exact bytes."""

import io
import random

import pytest
import zxingcpp
from PIL import Image

from serial_traceability.core.errors import Gs1Error, LabelError
from serial_traceability.core.gs1 import parse_digital_link, parse_element_string
from serial_traceability.core.gs1.charsets import CSET_82
from serial_traceability.core.label import (
    Symbology,
    draw_symbol,
    in_label_order,
    make_symbol,
    write_png,
    write_svg,
)

GTIN = "09520001100017"
SSCC = "395200010000000011"

AWKWARD_SERIALS = [
    *(CSET_82[start : start + 20] for start in range(0, len(CSET_82), 20)),
    CSET_82[-20:],
    "abcdefghijklmnopqrst",
    "00000000000000000001",
    "007",
    "0",
    "A",
    "(17)260901",
    "A(17)1",
    "))((",
    "(",
    ")",
    "a_1",
    "_1",
    "__d029",
    ">8>0>:>;",
    "%2F/",
    "32a/b",
    "12345678901234567890",
    "1A2b3C4d5E6f7G8h9I0j",
]


def read(symbol, dpi=300, module=0.5):
    """Return what a reader says of the drawn symbol."""
    module = round(module * dpi / 25.4) * 25.4 / dpi
    picture = write_png(draw_symbol(symbol, module=module), dpi=dpi)
    found = zxingcpp.read_barcodes(
        Image.open(io.BytesIO(picture)), text_mode=zxingcpp.TextMode.Plain
    )
    assert len(found) == 1, found
    return found[0]


def unit(serial, *more):
    return [("01", GTIN), ("21", serial), *more]


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
@pytest.mark.parametrize("symbology", list(Symbology))
def test_awkward_serials_are_read_back(symbology, serial):
    symbol = make_symbol(symbology, unit(serial))
    barcode = read(symbol)
    assert barcode.symbology_identifier == symbology.identifier
    assert barcode.bytes == symbol.data.encode("ascii")


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
def test_element_strings_say_what_was_asked_for(serial):
    elements = [("01", GTIN), ("17", "260901"), ("10", serial), ("21", serial)]
    symbol = make_symbol(Symbology.DATAMATRIX, elements)
    barcode = read(symbol)
    assert barcode.bytes == f"01{GTIN}1726090110{serial}\x1d21{serial}".encode()
    assert barcode.symbology_identifier == "]d2"
    assert barcode.content_type == zxingcpp.ContentType.GS1
    assert parse_element_string(barcode.text).as_dict() == dict(elements)


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
def test_digital_links_say_what_was_asked_for(serial):
    symbol = make_symbol(Symbology.QR, unit(serial, ("17", "260901")))
    barcode = read(symbol)
    assert barcode.symbology_identifier == "]Q1"
    assert parse_digital_link(barcode.text).as_dict() == {
        "01": GTIN,
        "21": serial,
        "17": "260901",
    }


def test_random_payloads_are_read_back_from_every_symbology():
    # Enough lengths for every size of DataMatrix that a unit can need.
    source = random.Random(20261122)
    for _count in range(60):
        serial, batch = (
            "".join(source.choices(CSET_82, k=source.randint(1, 20))) for _ in "12"
        )
        for symbology in (Symbology.DATAMATRIX, Symbology.QR):
            symbol = make_symbol(symbology, unit(serial, ("10", batch)))
            barcode = read(symbol)
            assert barcode.symbology_identifier == symbology.identifier
            assert barcode.bytes == symbol.data.encode()
            assert symbol.width == symbol.height


def test_a_datamatrix_is_a_square_where_the_library_prefers_a_rectangle():
    sizes = {
        make_symbol(Symbology.DATAMATRIX, unit("A" * length)).width
        for length in range(1, 21)
    }
    assert sizes == {16, 18, 20, 22}


def test_gs1_128_carries_an_sscc_in_pairs_of_digits():
    symbol = make_symbol(Symbology.GS1_128, [("00", SSCC)])
    barcode = read(symbol)
    assert barcode.symbology_identifier == "]C1"
    assert barcode.bytes == f"00{SSCC}".encode()
    # Start, FNC1, ten pairs, check character and stop.
    assert symbol.width == 11 * 13 + 13


def test_a_domain_of_ones_own_stands_in_the_link():
    symbol = make_symbol(Symbology.QR, unit("A1"), domain="https://id.example.com")
    assert read(symbol).text == f"https://id.example.com/01/{GTIN}/21/A1"


def test_48_characters_are_the_most_of_gs1_128():
    longest = [("01", GTIN), ("10", "B" * 7), ("21", "A" * 20)]
    assert len(make_symbol(Symbology.GS1_128, longest).data) == 48
    with pytest.raises(LabelError) as caught:
        make_symbol(Symbology.GS1_128, [longest[0], ("10", "B" * 8), longest[2]])
    assert caught.value.code == "too_long"
    assert caught.value.message == "49 characters do not fit into one GS1-128 symbol."


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ([("01", "09520001100018"), ("21", "A1")], "incorrect_check_digit"),
        ([("01", GTIN), ("21", "A" * 21)], "value_too_long"),
        ([("01", GTIN), ("21", "")], "value_empty"),
        ([("01", GTIN), ("21", "A 1")], "outside_charset"),
        ([("01", GTIN), ("21", "é")], "outside_charset"),
        ([("01", GTIN), ("17", "261301")], "illegal_month"),
        ([("21", "A1")], "required_ai"),
        ([("01", GTIN), ("37", "5"), ("21", "A1")], "excluded_ai"),
        ([("01", GTIN), ("21", "A1"), ("21", "A2")], "repeated_ai"),
        ([("89", "A1")], "unknown_ai"),
        ([], "no_element"),
    ],
)
@pytest.mark.parametrize("symbology", list(Symbology))
def test_what_gs1_does_not_allow_is_not_drawn(symbology, elements, code):
    with pytest.raises(Gs1Error) as caught:
        make_symbol(symbology, elements)
    assert caught.value.code == code


def test_rectangles_cover_the_dark_modules_and_nothing_twice():
    symbol = make_symbol(Symbology.DATAMATRIX, unit("K7M2X9QPA4TR"))
    covered = [
        (left + x, top + y)
        for left, top, width, height in symbol.rectangles
        for x in range(width)
        for y in range(height)
    ]
    dark = {
        (x, y)
        for y, row in enumerate(symbol.rows)
        for x, module in enumerate(row)
        if module == "1"
    }
    assert len(covered) == len(set(covered))
    assert set(covered) == dark


def test_keys_and_predefined_lengths_come_first():
    mixed = [("21", "A"), ("10", "B"), ("17", "260901"), ("37", "5"), ("02", GTIN)]
    assert [ai for ai, _value in in_label_order(mixed)] == [
        "02",
        "17",
        "37",
        "10",
        "21",
    ]


def test_svg_draws_the_same_modules():
    symbol = make_symbol(Symbology.DATAMATRIX, unit("A1"))
    svg = write_svg(draw_symbol(symbol, module=1))
    assert f'viewBox="0 0 {symbol.width + 2} {symbol.height + 2}"' in svg
    assert svg.count("M") == len(symbol.rectangles)


def test_text_in_svg_is_escaped():
    symbol = make_symbol(Symbology.DATAMATRIX, unit('<script>"&'))
    svg = write_svg(draw_symbol(symbol, text=True))
    assert '(21)&lt;script&gt;"&amp;</text>' in svg
    assert "<script" not in svg
