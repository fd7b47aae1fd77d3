"""Bracketed element strings and the human-readable interpretation."""

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    Element,
    Source,
    build_bracketed,
    build_hri,
    parse_bracketed,
)

GTIN = "09520001100017"


def refused(text, **options):
    with pytest.raises(Gs1Error) as caught:
        parse_bracketed(text, **options)
    return caught.value


def test_elements_come_in_order_with_their_positions():
    message = parse_bracketed(f"(01){GTIN}(21)A1(10)B17A")
    assert message.elements == (
        Element("01", GTIN, 4),
        Element("21", "A1", 22),
        Element("10", "B17A", 28),
    )
    assert message.source is Source.BRACKETED


def test_an_escaped_bracket_belongs_to_the_value():
    assert parse_bracketed(rf"(01){GTIN}(21)A\(10)B").serial == "A(10)B"
    assert parse_bracketed(rf"(01){GTIN}(21)A\(").serial == "A("


def test_a_closing_bracket_needs_no_escape():
    assert parse_bracketed(f"(01){GTIN}(21)A)1").serial == "A)1"


def test_a_backslash_alone_is_outside_set_82():
    error = refused(rf"(01){GTIN}(21)A\1")
    assert (error.code, error.position) == ("outside_charset", 23)


def test_the_place_of_a_fault_counts_escapes():
    error = refused(rf"(01){GTIN}(21)A\(\(~")
    assert (error.code, error.position) == ("outside_charset", 27)


def test_both_parts_of_a_composite_symbol_are_read():
    message = parse_bracketed(f"(01){GTIN}(10)B17A|(99)X(98)Y")
    assert [element.ai for element in message] == ["01", "10", "99", "98"]


def test_a_value_must_have_the_length_that_is_written():
    assert refused("(17)9(90)217", required=False).code == "value_too_short"
    assert refused(f"(01){GTIN}2(21)A1").code == "value_too_long"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "no_element", 0),
        ("(", "no_element", 0),
        ("(01", "no_element", 0),
        (f"01{GTIN}", "no_element", 0),
        (f"x(01){GTIN}", "no_element", 0),
        (f"|(01){GTIN}", "no_element", 0),
        (f"(01){GTIN}|", "no_element", 19),
        (f"(01){GTIN}||(99)X", "no_element", 19),
        ("()12345", "unknown_ai", 1),
        ("(1)12345", "unknown_ai", 1),
        ("(12345)12345", "unknown_ai", 1),
        ("(1A)12345", "unknown_ai", 1),
        ("(²¹)A1", "unknown_ai", 1),
        (f"(01){GTIN}(21)", "value_empty", 22),
        (f"(01){GTIN}(21)(10)B", "value_empty", 22),
        (f"(01){GTIN}(21)A B", "outside_charset", 23),
        (f"(01) {GTIN}", "value_too_long", 18),
        (f"(01){GTIN}(17)261301", "illegal_month", 24),
        ("(01)09520001100018", "incorrect_check_digit", 17),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text, code, position):
    error = refused(text)
    assert (error.code, error.position) == (code, position)


def test_lenient_reading_takes_spaces_and_unknown_ais():
    message = parse_bracketed(f"(01) {GTIN} (21) A1 (89) X", strict=False)
    assert message.serial == "A1"
    assert message.unknown == (Element("89", "X", 33),)


def test_strict_reading_refuses_unknown_ais():
    error = refused(f"(01){GTIN}(89)X")
    assert (error.code, error.position, error.value) == ("unknown_ai", 19, "89")


@pytest.mark.parametrize("ai", ["05", "890", "8901", "8299"])
def test_lenient_reading_knows_the_length_of_an_unknown_ai_by_its_brackets(ai):
    message = parse_bracketed(f"(01){GTIN}({ai})X(21)A1", strict=False)
    assert message.unknown == (Element(ai, "X", 20 + len(ai)),)
    assert message.serial == "A1"


@pytest.mark.parametrize("ai", ["", "8", "801", "89012", "8A"])
def test_lenient_reading_refuses_what_can_be_no_ai(ai):
    error = refused(f"(01){GTIN}({ai})X", strict=False)
    assert (error.code, error.position) == ("unknown_ai", 19)


def test_a_text_without_ai_has_no_bracketed_form():
    with pytest.raises(Gs1Error) as caught:
        build_bracketed([("01", GTIN), ("", "89XY1")], strict=False)
    assert caught.value.code == "unknown_ai"


def test_human_readable_text_has_a_text_without_ai_as_it_stood():
    lines = build_hri([("01", GTIN), ("", "89XY1")], strict=False)
    assert lines == [f"(01){GTIN}", "89XY1"]


def test_building_escapes_opening_brackets():
    assert build_bracketed([("01", GTIN), ("21", "A(1)")]) == rf"(01){GTIN}(21)A\(1)"


def test_building_escapes_both_brackets_when_asked_to():
    text = build_bracketed([("01", GTIN), ("21", "A(1)")], escaped="()")
    assert text == rf"(01){GTIN}(21)A\(1\)"


def test_building_refuses_what_reading_would_refuse():
    with pytest.raises(Gs1Error):
        build_bracketed([("01", GTIN), ("17", "261301")])
    with pytest.raises(Gs1Error):
        build_bracketed([("21", "A1")])


def test_human_readable_text_has_brackets_but_no_escapes():
    elements = [("01", GTIN), ("21", "A(1")]
    assert build_hri(elements) == [f"(01){GTIN}", "(21)A(1"]


def test_human_readable_text_can_have_spaces_and_data_titles():
    elements = [("01", GTIN), ("10", "B17A"), ("8110", "012345612345611110123")]
    assert build_hri(elements, titles=True, space=" ") == [
        f"GTIN (01) {GTIN}",
        "BATCH/LOT (10) B17A",
        "(8110) 012345612345611110123",
    ]
