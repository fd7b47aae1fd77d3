"""Blocks of numbers as files."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

from serial_traceability.core.block_file import (
    Block,
    as_csv,
    as_epcis,
    as_json,
    describe,
)
from serial_traceability.core.gs1 import parse_element_string

BLOCK = Block(
    "BLOCK00001",
    "Maker Ltd",
    "Phone",
    datetime(2026, 11, 22, 10, 30, 5, 123),
    gtin="09520001100017",
    prefix_length=7,
    batch="B1",
    expiry=date(2031, 5, 31),
)
AWKWARD = ("007", "a/b", 'say"', "1,5", "=1+1", "A" * 20)


def read_csv(block, numbers):
    text = "".join(as_csv(block, numbers))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_awkward_numbers_come_through_csv_as_they_are():
    assert [row["number"] for row in read_csv(BLOCK, AWKWARD)] == list(AWKWARD)


def test_awkward_numbers_come_through_json_as_they_are():
    document = json.loads("".join(as_json(BLOCK, AWKWARD)))
    assert [row["number"] for row in document["numbers"]] == list(AWKWARD)


def test_the_element_string_reads_back():
    for number in AWKWARD:
        text = describe(BLOCK, number)["element_string"]
        message = parse_element_string(text)
        values = {element.ai: element.value for element in message.elements}
        assert values == {
            "01": "09520001100017",
            "17": "310531",
            "21": number,
            "10": "B1",
        }


def test_without_a_gtin_there_is_the_number_alone():
    block = replace(BLOCK, gtin=None)
    assert describe(block, "A1") == {
        "number": "A1",
        "gtin": "",
        "batch": "B1",
        "expiry": "2031-05-31",
        "element_string": "",
        "digital_link": "",
        "epc": "",
    }


def test_without_a_prefix_there_is_no_epc_urn():
    values = describe(replace(BLOCK, prefix_length=None), "A1")
    assert values["epc"] == ""
    assert values["digital_link"].endswith("/01/09520001100017/21/A1")


def test_a_prefix_of_four_digits_stands_for_those_of_six():
    values = describe(replace(BLOCK, prefix_length=4), "A1")
    assert values["epc"] == "urn:epc:id:sgtin:952000.0110001.A1"


def test_a_number_that_gs1_does_not_allow_stands_alone():
    assert describe(BLOCK, "A 1")["digital_link"] == ""


def test_epcis_has_one_event_with_all_numbers():
    document = json.loads("".join(as_epcis(BLOCK, map(str, range(2500)))))
    (event,) = document["epcisBody"]["eventList"]
    epcs = event.pop("epcList")
    assert event == {
        "type": "ObjectEvent",
        "eventTime": "2026-11-22T10:30:05Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": "reserving",
        "disposition": "reserved",
    }
    assert len(epcs) == 2500
    assert epcs[2499] == "https://id.gs1.org/01/09520001100017/21/2499"


def test_no_numbers_make_a_file_without_any():
    assert json.loads("".join(as_json(BLOCK, [])))["numbers"] == []
    assert len("".join(as_csv(BLOCK, [])).splitlines()) == 1
