"""What uploaded files and pasted text are split into."""

import pytest

from serial_traceability.core.errors import RuleError
from serial_traceability.core.scan_file import decode, split_rows

SCAN = "]d2010952000110001721A1\x1d10B1"


def texts(text):
    return [row.text for row in split_rows(text)]


@pytest.mark.parametrize(
    "data",
    [
        SCAN.encode(),
        b"\xef\xbb\xbf" + SCAN.encode(),
        SCAN.encode("utf-16"),
        SCAN.encode("utf-16-le"),
        SCAN.encode("utf-16-be"),
        b"\xfe\xff" + SCAN.encode("utf-16-be"),
        SCAN.encode("latin-1"),
    ],
    ids=["utf8", "utf8-bom", "utf16-bom", "utf16-le", "utf16-be", "bom-be", "latin1"],
)
def test_a_file_is_read_in_each_encoding(data):
    assert decode(data) == SCAN


def test_bytes_that_are_no_utf8_are_latin1():
    assert decode(b"caf\xe9") == "café"


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04xlsx", b"\xd0\xcf\x11\xe0xls", b"\x89PNG\r\n", b"%PDF-1.7"]
)
def test_a_spreadsheet_or_image_is_refused(data):
    with pytest.raises(RuleError) as caught:
        decode(data)
    assert caught.value.code == "not_text"


def test_bytes_that_are_no_text_are_refused_before_a_line_passes_for_a_serial():
    with pytest.raises(RuleError) as caught:
        decode(bytes(range(1, 256)) * 3 + b"\nA7\n")
    assert caught.value.code == "not_text"


def test_one_garbled_line_of_a_text_is_a_line():
    assert texts(decode(b"caf\xe9\n" * 20 + b"A\x01\n"))[-1] == "A\x01"


def test_what_a_scanner_frames_its_scans_with_is_text():
    assert decode(b"\x02\xe9\x03\x02A\x1e\x04") == "\x02é\x03\x02A\x1e\x04"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_each_line_end_ends_a_line(line_end):
    assert texts(f"A{line_end}B{line_end}") == ["A", "B"]


def test_the_group_separator_does_not_end_a_line():
    assert texts(f"{SCAN}\r\nX") == [SCAN, "X"]


def test_blank_lines_stay_and_count():
    rows = split_rows("A\n\nB")
    assert [(row.number, row.text) for row in rows] == [(1, "A"), (2, ""), (3, "B")]


def test_nothing_has_no_lines():
    assert split_rows("") == []


def test_a_line_with_delimiters_is_no_table():
    assert texts("A,B;C\nD") == ["A,B;C", "D"]


def test_a_serial_that_resembles_a_header_is_a_line():
    assert texts("SN1\nSN2") == ["SN1", "SN2"]


@pytest.mark.parametrize("header", ["serial", "Serial Number", "S/N", '"sn"'])
def test_one_column_with_a_header(header):
    rows = split_rows(f"{header}\nA\nB")
    assert [row.columns for row in rows] == [{"serial": "A"}, {"serial": "B"}]


@pytest.mark.parametrize("header", ["scan", "Barcode", "code"])
def test_one_column_of_scans_with_a_header(header):
    assert texts(f"{header}\n{SCAN}") == [SCAN]


def test_quotes_of_a_one_column_file_are_taken_off():
    assert texts('"A,""B"""\n"plain"\n"open') == ['A,"B"', "plain", '"open']


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_with_a_header(delimiter):
    lines = [
        ["Serial", "GTIN", "Batch", "Expiry date"],
        ["A1", "9520001100017", "B1", "2027-01-31"],
    ]
    (row,) = split_rows("\n".join(delimiter.join(line) for line in lines))
    assert row.number == 2
    assert row.columns == {
        "serial": "A1",
        "gtin": "9520001100017",
        "batch": "B1",
        "expiry": "2027-01-31",
    }


def test_columns_that_say_nothing_are_left_out():
    (row,) = split_rows("Pallet,Serial,Batch\n7,A1,B1")
    assert row.columns == {"serial": "A1", "batch": "B1"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_our_own_list_has_a_guard_against_formulas_that_is_taken_off(delimiter):
    header = delimiter.join(["line", "scan", "verdict", "message"])
    line = delimiter.join(["7", "'=1+1", "Unknown", "no"])
    assert texts(f"{header}\n{line}") == ["=1+1"]


def test_an_apostrophe_in_the_list_of_others_is_part_of_the_serial():
    (row,) = split_rows("serial,batch\n'=1,'-B")
    assert row.columns == {"serial": "'=1", "batch": "'-B"}


def test_our_own_list_of_wrong_lines_can_be_read_again():
    assert texts(f'line,scan,verdict,message\n7,"{SCAN}",Duplicate,no') == [SCAN]
