"""What scanned texts say; every kind of bad input among them."""

from datetime import date

import pytest

from serial_traceability.core.scan import (
    TEXT_LIMIT,
    corrected_scan,
    read_row,
    read_scan,
    visible,
)

TODAY = date(2026, 11, 22)
PHONE = "09520001100017"
GS = "\x1d"


def read(text, **options):
    return read_scan(text, TODAY, **options)


@pytest.mark.parametrize(
    "text",
    [
        f"]d201{PHONE}21A1{GS}10B1{GS}17280131",
        f"]C101{PHONE}21A1{GS}10B1{GS}17280131",
        f"01{PHONE}21A1{GS}10B1{GS}17280131",
        f"01{PHONE}1728013110B1{GS}21A1",
        f"01{PHONE}21A1␝10B1␝17280131",
        f"]d201{PHONE}21A1|10B1|17280131",
        f"]d201{PHONE}21A1^]10B1^]17280131",
        f"(01){PHONE}(21)A1(10)B1(17)280131",
        f"https://id.gs1.org/01/{PHONE}/10/B1/21/A1?17=280131",
        f"]Q1https://example.com/01/{PHONE}/10/B1/21/A1?17=280131",
        f"  ]d201{PHONE}21A1{GS}10B1{GS}17280131\r\n",
    ],
)
def test_a_unit_in_each_form(text):
    scan = read(text)
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", PHONE, "A1")
    assert (scan.batch, scan.expiry) == ("B1", date(2028, 1, 31))
    assert scan.fault is None


def test_day_00_is_the_last_of_the_month():
    assert read(f"]d201{PHONE}1728020021A1").expiry == date(2028, 2, 29)


def test_the_production_date():
    assert read(f"]d201{PHONE}1126090121A1").production == date(2026, 9, 1)


def test_characters_of_set_82_stay():
    serial = "!\"%&'()*+,-./:;<=>?_"
    assert read(f"]d201{PHONE}21{serial}").serial == serial


def test_a_keyboard_scanner_types_a_bracket_for_the_separator():
    scan = read(f"]d201{PHONE}21A1]10B1", typed=True)
    assert (scan.serial, scan.batch) == ("A1", "B1")


def test_an_rfid_tag_is_a_unit():
    scan = read("3074257BF7194E4000001A85")
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", "80614141123458", "6789")


def test_an_epc_uri_is_a_unit():
    scan = read("urn:epc:id:sgtin:0614141.812345.6789")
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", "80614141123458", "6789")


@pytest.mark.parametrize(
    "text",
    [
        "URN:EPC:id:sgtin:0614141.812345.6789",
        "Urn:epc:tag:sgtin-96:1.0614141.812345.6789",
    ],
)
def test_an_epc_uri_may_start_in_capitals(text):
    scan = read(text)
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", "80614141123458", "6789")


def test_the_rest_of_an_epc_uri_may_not_be_in_capitals():
    scan = read("URN:EPC:ID:SGTIN:0614141.812345.6789")
    assert (scan.kind, scan.fault) == ("rubbish", "malformed")


def test_an_rfid_tag_of_another_kind_is_no_unit():
    assert read("3474257BF40000000000162E").kind == "epc"


def test_hex_digits_that_are_no_tag_are_plain_text():
    assert read("FF" * 12).kind == "plain"


@pytest.mark.parametrize(
    "text", ["9520001100017", "09520001100017", "]E09520001100017", f"]d201{PHONE}"]
)
def test_a_gtin_alone(text):
    scan = read(text)
    assert (scan.kind, scan.gtin, scan.serial) == ("gtin", PHONE, None)


@pytest.mark.parametrize(
    "text",
    ["]C100395200010000000011", "00395200010000000011", "395200010000000011"],
)
def test_a_logistic_unit(text):
    scan = read(text)
    assert (scan.kind, scan.value) == ("sscc", "395200010000000011")


@pytest.mark.parametrize("text", ["SN-1", "123456", "hello", "]C0SN-1", "]d1SN-1"])
def test_plain_text(text):
    scan = read(text)
    serial = text.removeprefix("]C0").removeprefix("]d1")
    assert (scan.kind, scan.serial) == ("plain", serial)


def test_a_serial_without_gtin_is_plain():
    scan = read("]d221A1")
    assert (scan.kind, scan.gtin, scan.serial) == ("plain", None, "A1")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("]d2010952000110001821A1", "check_digit"),
        (f"01{PHONE[:-1]}821A1", "check_digit"),
        (f"https://id.gs1.org/01/{PHONE[:-1]}8/21/A1", "check_digit"),
        (f"]d201{PHONE}1726130121A1", "bad_date"),
        (f"]d201{PHONE}1726023021A1", "bad_date"),
        (f"]d201{PHONE}1726X10121A1", "bad_date"),
        (f"https://id.gs1.org/01/{PHONE}/21/A1?17=261301", "bad_date"),
        (f"]d201{PHONE}21", "empty_serial"),
        (f"(01){PHONE}(21)", "empty_serial"),
        (f"]d201{PHONE}21{'A' * 21}", "serial_too_long"),
        (f"]d201{PHONE}21A1{GS}10{'B' * 21}", "batch_too_long"),
        (f"]d201{PHONE}21A B", "bad_character"),
        (f"]d201{PHONE}21Ä", "bad_character"),
        (f"]d201{PHONE}21A#B", "bad_character"),
        (f"]d201{PHONE}10B17A21J6PDBSVFMACZ", "fnc1_missing"),
        (f"]d201{PHONE}21J6PDBSVFMACZ10B17A11260901", "fnc1_missing"),
        (f"]d201{PHONE}0512", "unknown_ai"),
        (f"]d201{PHONE}21A1{GS}89XY", "unknown_ai"),
        (f"]d201{PHONE}21A٣", "unicode_digits"),
        ("SN²", "unicode_digits"),
        (f"]d201{PHONE}21A1{GS}21A2", "malformed"),
        ("https://example.com/shop", "malformed"),
        ("urn:epc:id:sgtin:nothing", "malformed"),
        ("", "empty_line"),
        ("  \t", "empty_line"),
        (GS, "empty_line"),
        ("A\x00B", "unreadable"),
        ("\ufffd\ufffdPNG", "unreadable"),
        ("\x1b[31m", "unreadable"),
        ("A" * (TEXT_LIMIT + 1), "unreadable"),
    ],
)
def test_each_fault_has_its_word(text, fault):
    scan = read(text)
    assert scan.fault == fault
    assert scan.kind in ("rubbish", "empty")
    assert scan.serial is None


def test_binary_rubbish_is_read_without_raising():
    for byte in range(256):
        text = (bytes([byte]) * 9).decode("latin-1")
        assert read(text).text == visible(text.strip(" \t\r\n"))


def test_what_is_shown_has_no_control_characters():
    assert read(f"A\x00{GS}").text == "A�␝"


def test_a_row_of_columns_is_a_unit():
    columns = {
        "serial": "A1",
        "gtin": "9520001100017",
        "batch": "B1",
        "expiry": "31.01.2028",
    }
    scan = read_row("A1;9520001100017", columns, TODAY)
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", PHONE, "A1")
    assert (scan.batch, scan.expiry) == ("B1", date(2028, 1, 31))


def test_a_symbol_in_a_column_is_read():
    columns = {"serial": f"]d201{PHONE}21A1", "batch": "B1"}
    scan = read_row("", columns, TODAY)
    assert (scan.gtin, scan.serial, scan.batch) == (PHONE, "A1", "B1")


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"gtin": "9520001100018", "serial": "A1"}, "check_digit"),
        ({"gtin": "PHONE", "serial": "A1"}, "malformed"),
        ({"serial": "A1", "expiry": "soon"}, "bad_date"),
        ({"gtin": "9520001100018", "batch": "B1"}, "check_digit"),
        ({"batch": "B1"}, "empty_serial"),
    ],
)
def test_columns_that_are_wrong(columns, fault):
    assert read_row("A1", columns, TODAY).fault == fault


@pytest.mark.parametrize(
    "number", ["95200002", "9520001100017", "09520001100017", "003952000100000019"]
)
def test_digits_of_a_key_are_a_serial_in_the_column_for_serials(number):
    for columns in ({"serial": number}, {"serial": number, "batch": "B1"}):
        scan = read_row(number, columns, TODAY)
        assert (scan.kind, scan.gtin, scan.serial) == ("plain", None, number)
    scan = read_row("", {"gtin": "9520001100017", "serial": number}, TODAY)
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", PHONE, number)
    assert read_row("", {"text": "9520001100017"}, TODAY).kind == "gtin"


def test_an_element_string_in_the_column_for_serials_is_read():
    scan = read_row("", {"serial": f"]d201{PHONE}21A1"}, TODAY)
    assert (scan.kind, scan.gtin, scan.serial) == ("unit", PHONE, "A1")


def test_a_row_without_serial_names_its_product():
    columns = {"gtin": "9520001100017", "batch": "B1"}
    scan = read_row("9520001100017,,B1", columns, TODAY)
    assert (scan.kind, scan.fault) == ("gtin", None)
    assert (scan.gtin, scan.serial, scan.batch) == (PHONE, None, "B1")


def test_a_corrected_unit_keeps_what_was_scanned():
    scan = corrected_scan("rubbish", serial=" A1 ", batch="B1")
    assert (scan.text, scan.serial, scan.batch) == ("rubbish", "A1", "B1")


def test_a_correction_without_serial_is_none():
    assert corrected_scan("rubbish", serial=" ").fault == "empty_serial"


def test_a_logistic_unit_with_a_wrong_check_digit_is_one_all_the_same():
    assert read("]C100395200010000000017").kind == "sscc"


@pytest.mark.parametrize("separator", ["<GS>", "<FNC1>"])
def test_a_separator_written_out_is_no_part_of_the_serial(separator):
    scan = read_scan(f"010952000110001721A1{separator}10B7", TODAY)
    assert (scan.serial, scan.batch) == ("A1", "B7")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("11260901010952000110001721A1", "unit"),
        ("17261231010952000110001721A1", "unit"),
        ("02095200011000173710", "epc"),
        ("003952000100000000110209520001100017371", "sscc"),
    ],
)
def test_an_element_string_is_one_whatever_it_begins_with(text, kind):
    scan = read_scan(text, TODAY)
    assert scan.kind != "plain", scan
    if kind == "unit":
        assert (scan.kind, scan.serial) == ("unit", "A1")


def test_a_tag_uri_is_the_unit_of_the_tag():
    scan = read_scan("urn:epc:tag:sgtin-96:1.9520001.010001.4711", TODAY)
    assert (scan.kind, scan.serial) == ("unit", "4711")
