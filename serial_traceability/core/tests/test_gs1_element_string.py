"""Element strings with FNC1: what is read, what is refused and where."""

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    GS,
    WEDGE_SEPARATORS,
    Element,
    Source,
    build_element_string,
    parse_element_string,
)

GTIN = "09520001100017"
UNIT = f"01{GTIN}21A1{GS}10B17A{GS}17281231"


def refused(text, **options):
    """Return the error with which a text is refused."""
    with pytest.raises(Gs1Error) as caught:
        parse_element_string(text, **options)
    error = caught.value
    assert error.message and error.expected
    return error


def test_elements_come_in_order_with_their_positions():
    message = parse_element_string(UNIT)
    assert message.elements == (
        Element("01", GTIN, 2),
        Element("21", "A1", 18),
        Element("10", "B17A", 23),
        Element("17", "281231", 30),
    )
    assert message.source is Source.ELEMENT_STRING
    assert message.text == UNIT


@pytest.mark.parametrize("identifier", ["]C1", "]d2", "]Q3", "]J1", "]e0"])
def test_a_symbology_identifier_is_taken_off(identifier):
    message = parse_element_string(identifier + UNIT)
    assert message.symbology_identifier == identifier
    assert message.find("01").position == 5
    assert message.as_dict() == parse_element_string(UNIT).as_dict()


def test_a_leading_separator_is_tolerated():
    assert parse_element_string(GS + UNIT).serial == "A1"
    assert parse_element_string("]d2" + GS + UNIT).serial == "A1"


def test_a_separator_after_the_last_value_is_tolerated():
    assert parse_element_string(UNIT + GS).get("17") == "281231"


def test_a_separator_after_a_predefined_length_is_tolerated():
    assert parse_element_string(f"01{GTIN}{GS}21A1").serial == "A1"


@pytest.mark.parametrize("separator", ["{GS}", "[FNC1]", "␝", "\\x1d"])
def test_stand_ins_that_no_value_can_contain_are_separators(separator):
    message = parse_element_string(UNIT.replace(GS, separator))
    assert (message.serial, message.batch) == ("A1", "B17A")
    assert message.text[message.find("17").position :] == "281231"


@pytest.mark.parametrize("separator", ["<GS>", "^]", "^", "|", "~", "#", "@"])
def test_other_stand_ins_are_separators_only_when_asked_for(separator):
    text = UNIT.replace(GS, separator)
    assert parse_element_string(text, separators=WEDGE_SEPARATORS).batch == "B17A"
    assert refused(text).code in ("outside_charset", "value_too_long")


def test_a_stand_in_that_can_be_data_stays_data():
    assert parse_element_string(f"01{GTIN}21A<GS>1").serial == "A<GS>1"


def test_no_separators_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="at least one separator"):
        parse_element_string(UNIT, separators=())


def test_a_missing_separator_is_refused_where_the_value_ends():
    error = refused(f"01{GTIN}10{'B' * 20}21XYZ")
    assert error.code == "value_too_long"
    assert error.position == 16 + 2 + 20
    assert "separator" in error.expected


def test_a_missing_separator_after_a_short_value_makes_one_value():
    # 26 characters at most would be too long; 7 are a batch number like any other.
    assert parse_element_string(f"01{GTIN}10B1721XYZ").batch == "B1721XYZ"


def test_a_serial_of_21_characters_is_refused():
    error = refused(f"01{GTIN}21{'S' * 21}")
    assert (error.code, error.position) == ("value_too_long", 38)


def test_a_serial_of_20_characters_is_read():
    assert parse_element_string(f"01{GTIN}21{'S' * 20}").serial == "S" * 20


def test_an_empty_serial_is_refused():
    error = refused(f"01{GTIN}21")
    assert (error.code, error.position) == ("value_empty", 18)


def test_an_empty_serial_before_a_separator_is_refused():
    error = refused(f"01{GTIN}21{GS}10B17A")
    assert (error.code, error.position) == ("value_empty", 18)


def test_two_separators_in_a_row_are_refused():
    error = refused(f"01{GTIN}21A1{GS}{GS}10B17A")
    assert (error.code, error.position) == ("no_element", 21)


def test_a_wrong_check_digit_is_refused_with_its_position():
    error = refused("010952000110001821A1")
    assert (error.code, error.position) == ("incorrect_check_digit", 15)


def test_month_13_is_refused_with_its_position():
    error = refused(f"]d201{GTIN}17281331")
    assert (error.code, error.position) == ("illegal_month", 3 + 16 + 2 + 2)


def test_day_32_is_refused_with_its_position():
    assert refused(f"01{GTIN}17280132").position == 22


def test_day_00_is_read():
    assert parse_element_string(f"01{GTIN}17280200").get("17") == "280200"


@pytest.mark.parametrize(
    "character", [" ", "~", "^", "|", "#", "é", "\u0663", "\0", "\n", "😀"]
)
def test_a_character_outside_set_82_is_refused_with_its_position(character):
    error = refused(f"01{GTIN}21AB{character}C")
    assert (error.code, error.position) == ("outside_charset", 20)


def test_digits_of_other_scripts_are_no_digits():
    assert refused("01" + "\u0663" * 14).code == "outside_charset"
    assert refused("²¹A1").code == "unknown_ai"


def test_a_letter_in_a_number_is_refused_with_its_position():
    error = refused("010952A00110001721A1")
    assert (error.code, error.position) == ("outside_charset", 6)


def test_a_value_that_is_too_short_is_refused():
    error = refused("01095200011")
    assert (error.code, error.position) == ("value_too_short", 11)


def test_what_follows_a_predefined_length_must_be_an_ai():
    error = refused(f"01{GTIN}2")
    assert (error.code, error.position) == ("unknown_ai", 16)


def test_an_unknown_ai_is_refused_with_its_position():
    error = refused(f"01{GTIN}21A1{GS}8299X")
    assert (error.code, error.position, error.value) == ("unknown_ai", 21, "8299")


def test_lenient_reading_keeps_an_unknown_ai_and_reports_it():
    message = parse_element_string(f"01{GTIN}21A1{GS}8299X", strict=False)
    assert message.unknown == (Element("8299", "X", 25),)
    assert message.serial == "A1"


def test_lenient_reading_keeps_an_unknown_ai_of_unknown_length_as_text():
    message = parse_element_string(f"]d201{GTIN}89XY1{GS}21A1", strict=False)
    assert message.unknown == (Element("", "89XY1", 19),)
    assert (message.gtin, message.serial) == (GTIN, "A1")
    assert message.as_dict() == {"01": GTIN, "21": "A1"}


@pytest.mark.parametrize("text", ["891", "05123456", "89" + "X" * 92])
def test_lenient_reading_keeps_such_a_text_up_to_the_end(text):
    message = parse_element_string(f"01{GTIN}{text}", strict=False)
    assert message.unknown == (Element("", text, 16),)


def test_lenient_reading_keeps_several_texts():
    message = parse_element_string(f"89A{GS}88B{GS}89C{GS}", strict=False)
    assert [one.value for one in message.unknown] == ["89A", "88B", "89C"]


@pytest.mark.parametrize(
    ("prefix", "length"), [("04", 18), ("14", 8), ("18", 8), ("19", 8)]
)
def test_a_text_ends_where_gs1_predefines_its_length(prefix, length):
    text = prefix.ljust(length, "1")
    message = parse_element_string(f"{text}21A1", strict=False, required=False)
    assert message.elements == (Element("", text, 0), Element("21", "A1", length + 2))
    error = refused(text[:-1], strict=False)
    assert (error.code, error.position) == ("value_too_short", length - 1)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("89", "value_too_short", 18),
        ("89A B", "outside_charset", 19),
        ("89" + "X" * 93, "value_too_long", 110),
        ("8", "unknown_ai", 16),
        ("8A1234", "unknown_ai", 16),
        ("\u0668\u06691234", "unknown_ai", 16),
        ("801", "unknown_ai", 16),
    ],
)
def test_lenient_reading_refuses_a_text_that_no_ai_can_begin(text, code, position):
    error = refused(f"01{GTIN}{text}", strict=False)
    assert (error.code, error.position) == (code, position)


def test_strict_reading_refuses_an_unknown_ai_of_unknown_length():
    error = refused(f"01{GTIN}21A1{GS}891234")
    assert (error.code, error.position, error.value) == ("unknown_ai", 21, "8912")


@pytest.mark.parametrize("text", ["", GS, "]d2", "]d2" + GS])
def test_a_text_without_elements_is_refused(text):
    assert refused(text).code == "no_element"


@pytest.mark.parametrize(
    "rubbish",
    [
        "\x00\x01\x02\x03",
        bytes(range(256)).decode("latin-1"),
        "\ud800",
        "PK\x03\x04",
        "]",
        "]d",
        "]d1" + UNIT,
        "hello world",
        "1" * 100_000,
        GS * 100_000,
        f"01{GTIN}10" + "B" * 100_000,
    ],
)
def test_rubbish_is_refused(rubbish):
    error = refused(rubbish)
    assert error.position is not None
    assert len(error.message) < 1000


def test_many_elements_are_read():
    text = UNIT + "".join(f"{GS}99X" for _ in range(10_000))
    assert len(parse_element_string(text)) == 10_004


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("7007261101261103", ["261101261103"]),
        ("7007261101", ["261101"]),
        ("80030" + "9520001100017" + "ABC", ["09520001100017ABC"]),
        ("423528056", ["528056"]),
        ("4309" + "0279085848" + "3557420000", ["02790858483557420000"]),
        ("8043" + "1" * 18, ["1" * 18]),
        ("4330001250-", ["001250-"]),
    ],
)
def test_values_of_several_components_are_read(text, values):
    message = parse_element_string(text, required=False)
    assert [element.value for element in message] == values


@pytest.mark.parametrize("text", ["70072611012611", "42352805", "8008261122", "7230EM"])
def test_a_component_that_is_too_short_is_refused(text):
    assert refused(text, required=False).code == "value_too_short"


def test_a_fault_in_a_later_component_has_its_place():
    error = refused("7007261101261331", required=False)
    assert (error.code, error.position) == ("illegal_month", 12)


def test_building_writes_no_separator_after_predefined_lengths_and_at_the_end():
    elements = [("01", GTIN), ("17", "281231"), ("21", "A1"), ("10", "B17A")]
    assert build_element_string(elements) == f"01{GTIN}1728123121A1{GS}10B17A"


def test_building_takes_the_elements_of_a_message():
    assert build_element_string(parse_element_string(UNIT)) == UNIT
    again = build_element_string(
        parse_element_string(UNIT), symbology_identifier="]d2", separator="{GS}"
    )
    assert again == "]d2" + UNIT.replace(GS, "{GS}")


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ([], "no_element"),
        ([("01", "09520001100018")], "incorrect_check_digit"),
        ([("01", GTIN), ("21", "")], "value_empty"),
        ([("01", GTIN), ("21", f"A{GS}B")], "outside_charset"),
        ([("01", GTIN), ("8299", "X")], "unknown_ai"),
        ([("21", "A1")], "required_ai"),
        ([("01", GTIN), ("02", GTIN)], "excluded_ai"),
    ],
)
def test_building_refuses_what_reading_would_refuse(elements, code):
    with pytest.raises(Gs1Error) as caught:
        build_element_string(elements)
    assert caught.value.code == code


def test_an_unknown_ai_is_written_only_when_asked_for():
    elements = [("01", GTIN), ("8299", "X"), ("21", "A1")]
    text = build_element_string(elements, strict=False)
    assert text == f"01{GTIN}8299X{GS}21A1"


def test_a_text_of_an_unknown_ai_is_written_as_it_stood():
    text = f"01{GTIN}89XY1{GS}21A1"
    message = parse_element_string(text, strict=False)
    assert build_element_string(message, strict=False) == text
    with pytest.raises(Gs1Error) as caught:
        build_element_string(message)
    assert caught.value.code == "unknown_ai"


@pytest.mark.parametrize("value", ["", "X", "21A1", "8", f"89X{GS}21A1"])
def test_only_what_reading_keeps_as_text_is_written_as_text(value):
    with pytest.raises(Gs1Error):
        build_element_string([("01", GTIN), ("", value)], strict=False)
