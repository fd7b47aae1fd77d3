"""The front door: what readers deliver, recognised by its form."""

from pathlib import Path

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    GS,
    Element,
    Source,
    build_scan_data,
    parse,
    parse_gtin,
)

GTIN = "09520001100017"
GTIN_8 = "02345673"
DELIVERY = Path(__file__).resolve().parents[4] / "shared/samples/delivery.txt"


def refused(text, **options):
    with pytest.raises(Gs1Error) as caught:
        parse(text, **options)
    return caught.value


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"]d201{GTIN}21A1", Source.ELEMENT_STRING),
        (f"01{GTIN}21A1", Source.ELEMENT_STRING),
        (f"{GS}01{GTIN}21A1{GS}", Source.ELEMENT_STRING),
        (f"(01){GTIN}(21)A1", Source.BRACKETED),
        (f"https://example.com/01/{GTIN}/21/A1", Source.DIGITAL_LINK),
        (f"]Q1https://example.com/01/{GTIN}/21/A1", Source.DIGITAL_LINK),
        (f"]d1HTTPS://EXAMPLE.COM/01/{GTIN}/21/A1", Source.DIGITAL_LINK),
    ],
)
def test_each_form_is_recognised_and_gives_the_same(text, source):
    for line_end in ("", "\r\n", "\n"):
        message = parse(text + line_end)
        assert (message.source, message.gtin, message.serial) == (source, GTIN, "A1")
        assert message.text == text + line_end
        for element in message:
            assert text[element.position :].startswith(element.value)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("9520001100017", GTIN),
        ("09520001100017", GTIN),
        ("416000336108", "00416000336108"),
        (GTIN_8, "00000002345673"),
        ("]E09520001100017", GTIN),
        ("]E00416000336108", "00416000336108"),
        ("]E4" + GTIN_8, "00000002345673"),
        ("]I1" + GTIN, GTIN),
    ],
)
def test_a_plain_gtin_is_reported_as_ai_01(text, gtin):
    message = parse(text)
    assert message.as_dict() == {"01": gtin}
    assert message.source is Source.GTIN


def test_the_add_on_of_a_magazine_is_reported_apart():
    message = parse("]E3952000110001712")
    assert (message.gtin, message.ignored) == (GTIN, ("12",))


def test_the_composite_part_of_a_retail_symbol_belongs_to_the_message():
    message = parse(f"]E09520001100017|]e010B17A{GS}17281231")
    assert message.elements == (
        Element("01", GTIN, 3),
        Element("10", "B17A", 22),
        Element("17", "281231", 29),
    )


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("]E0", "gtin_length", 3),
        ("]E0416000336108", "gtin_length", 3),
        ("]E0952000110001X", "gtin_length", 3),
        ("]E09520001100018", "incorrect_check_digit", 15),
        ("]E402345674", "incorrect_check_digit", 10),
        ("]E4123456789", "gtin_length", 3),
        ("]E39520001100017123", "gtin_length", 3),
        ("]E09520001100017|]e0", "no_element", 20),
        ("]E09520001100017|]e017281331", "illegal_month", 24),
        ("]XX", "symbology_identifier", 0),
        ("]", "symbology_identifier", 0),
        ("]X", "symbology_identifier", 0),
        ("]d2", "no_element", 3),
        ("]d2https://id.gs1.org/01/" + GTIN, "unknown_ai", 3),
        ("HtTp://id.gs1.org/01/" + GTIN, "unknown_ai", 0),
        ("", "no_element", 0),
        ("\r\n", "no_element", 0),
        ("serial", "unknown_ai", 0),
        ("9520001100018", "incorrect_check_digit", 12),
        ("21A1", "required_ai", 2),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text, code, position):
    error = refused(text)
    assert (error.code, error.position) == (code, position)


@pytest.mark.parametrize(
    "identifier", ["]C0", "]d1", "]Q1", "]A0", "]J0", "]I1", "]X0"]
)
def test_other_symbols_carry_plain_text(identifier):
    message = parse(identifier + "SN-0001")
    assert message.source is Source.PLAIN_TEXT
    assert message.symbology_identifier == identifier
    assert len(message) == 0


def test_a_serial_alone_is_read_when_another_symbol_may_have_the_rest():
    assert parse("]C121A1", required=False).serial == "A1"


def test_digits_of_a_gtin_length_are_a_gtin_unless_an_identifier_says_otherwise():
    assert refused("11260901", required=False).code == "incorrect_check_digit"
    assert parse("]C111260901", required=False).get("11") == "260901"


def test_options_reach_each_form():
    assert parse(f"01{GTIN}8299X", strict=False).unknown
    assert parse(f"(01){GTIN}(89)X", strict=False).unknown
    assert parse(f"01{GTIN}21A#10B", separators=("#",)).batch == "B"
    assert parse("https://a/gtin/" + GTIN, convenience_alphas=True).gtin == GTIN
    assert parse("https://a/01/9520001100017", zero_suppressed_gtin=True).gtin == GTIN


@pytest.mark.parametrize(
    "text", ["", "123", "952000110001X", "²³⁴⁵⁶⁷⁸⁹", "9520001100018"]
)
def test_a_gtin_that_is_none_is_refused(text):
    with pytest.raises(Gs1Error):
        parse_gtin(text)


@pytest.mark.parametrize(
    ("identifier", "elements", "scanned"),
    [
        ("]d2", [("01", GTIN), ("10", "B"), ("21", "A")], f"]d201{GTIN}10B{GS}21A"),
        ("]E0", [("01", GTIN)], "]E09520001100017"),
        ("]E0", [("01", GTIN), ("10", "B")], "]E09520001100017|]e010B"),
        ("]E4", [("01", "00000002345673")], "]E402345673"),
        ("]I1", [("01", GTIN)], f"]I1{GTIN}"),
    ],
)
def test_scan_data_is_what_a_reader_would_deliver(identifier, elements, scanned):
    assert build_scan_data(elements, symbology_identifier=identifier) == scanned
    assert [(one.ai, one.value) for one in parse(scanned)] == elements


@pytest.mark.parametrize(
    ("identifier", "elements", "code"),
    [
        ("]d1", [("01", GTIN)], "symbology_identifier"),
        ("]E0", [("01", "19520001100014")], "gtin_length"),
        ("]E4", [("01", GTIN)], "gtin_length"),
        ("]I1", [("01", GTIN), ("10", "B")], "gtin_length"),
        ("]E0", [("00", "395200010000000011")], "gtin_length"),
        ("]E0", [], "no_element"),
    ],
)
def test_a_symbol_that_cannot_carry_the_elements_is_refused(identifier, elements, code):
    with pytest.raises(Gs1Error) as caught:
        build_scan_data(elements, symbology_identifier=identifier)
    assert caught.value.code == code


def test_a_delivery_is_read_but_for_its_wrong_lines():
    if not DELIVERY.exists():
        pytest.skip(f"the sample delivery is not at hand at {DELIVERY}")
    with DELIVERY.open(encoding="utf-8", newline="") as delivery:
        lines = delivery.read().removesuffix("\n").split("\n")
    units, faults = [], {}
    for number, line in enumerate(lines):
        try:
            message = parse(line)
        except Gs1Error as error:
            faults[number] = (error.code, error.position)
        else:
            units.append((message.gtin, message.serial))
    assert len(lines) == 1111
    assert faults == {
        57: ("value_empty", 21),
        524: ("outside_charset", 22),
        578: ("illegal_month", 38),
        719: ("unknown_ai", 0),
        740: ("value_too_long", 41),
        863: ("incorrect_check_digit", 22),
        886: ("no_element", 0),
        1052: ("incorrect_check_digit", 18),
        1065: ("incorrect_check_digit", 18),
    }
    # Of the others one has no serial, and one says again what another said.
    assert len(units) == 1102
    assert len({unit for unit in units if unit[1]}) == 1100
