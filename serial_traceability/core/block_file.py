"""A block of numbers as a file for whoever puts them on units.

Three forms: CSV and JSON for a printing line, and an EPCIS document that says the
numbers are set aside. All yield text piece by piece: the file is never in memory as a
whole.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import lru_cache
from itertools import islice

from .epc import sgtin
from .epc.escape import escape
from .gs1 import GS, build_element_string
from .identity import BATCH_AI, SERIAL_AI, digital_link, is_gs1_serial

_CHUNK = 1000
_EPCIS_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of a block of numbers as a whole.

    :param gtin: 14 digits, None where the product has none.
    :param prefix_length: digits of the GTIN's GS1 Company Prefix, None where it is
        not known; EPC URNs need it.
    :param issue_time: in UTC, naive.
    """

    name: str
    holder: str
    product: str
    issue_time: datetime
    gtin: str | None = None
    prefix_length: int | None = None
    batch: str = ""
    expiry: date | None = None
    valid_until: date | None = None


def describe(block: Block, number: str) -> Mapping[str, str]:
    """Return what a label and an event need of one number; "" where there is none.

    >>> block = Block(
    ...     "B1",
    ...     "Line 1",
    ...     "Phone",
    ...     datetime(2026, 1, 31),
    ...     gtin="09520001100017",
    ...     prefix_length=7,
    ... )
    >>> dict(describe(block, "A1"))["digital_link"]
    'https://id.gs1.org/01/09520001100017/21/A1'
    >>> describe(block, "A1")["epc"]
    'urn:epc:id:sgtin:9520001.010001.A1'
    """
    common = _common(block)
    values = {
        "number": number,
        "gtin": block.gtin or "",
        "batch": block.batch,
        "expiry": block.expiry.isoformat() if block.expiry else "",
        "element_string": "",
        "digital_link": "",
        "epc": "",
    }
    if block.gtin and is_gs1_serial(number):
        before, behind, epc = common
        values["element_string"] = f"{before}{number}{behind}"
        values["digital_link"] = digital_link(block.gtin, number)
        values["epc"] = epc and epc + escape(number)
    return values


@lru_cache(maxsize=4)
def _common(block: Block) -> tuple[str, str, str]:
    """Return what all numbers of a block share: element string before and behind the
    number, EPC URI before it.

    Made once: building and checking each anew takes a hundred times as long.
    """
    if not block.gtin:
        return "", "", ""
    elements = [("01", block.gtin)]
    if block.expiry:
        elements.append(("17", block.expiry.strftime("%y%m%d")))
    # Both have a fixed length, so that no separator stands before the number.
    before = build_element_string(elements) + SERIAL_AI
    behind = ""
    if block.batch and is_gs1_serial(block.batch):
        behind = f"{GS}{BATCH_AI}{block.batch}"
    if not block.prefix_length:
        return before, behind, ""
    # An EPC has no prefix shorter than six digits (TDS §6.3).
    length = max(6, block.prefix_length)
    epc = sgtin(block.gtin, "0", prefix_length=length).uri
    return before, behind, epc.removesuffix("0")


def as_csv(block: Block, numbers: Iterable[str]) -> Iterator[str]:
    """Yield the block as CSV with a header line, every cell quoted.

    Numbers stand as they are: a line that prints them must get no character more.
    """
    yield _csv_text([describe(block, "")])
    for chunk in _chunks(numbers):
        yield _csv_text(describe(block, number).values() for number in chunk)


def _csv_text(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def as_json(block: Block, numbers: Iterable[str]) -> Iterator[str]:
    """Yield the block as one JSON object, its numbers as a list of objects."""
    head = {
        "block": block.name,
        "holder": block.holder,
        "product": block.product,
        "gtin": block.gtin,
        "valid_until": block.valid_until.isoformat() if block.valid_until else None,
    }
    rows = (dict(describe(block, number)) for number in numbers)
    yield from _json_with_list(head, "numbers", rows)


def as_epcis(block: Block, numbers: Iterable[str]) -> Iterator[str]:
    """Yield the block as an EPCIS 2.0 document: one event that reserves the numbers.

    CBV has a business step for what happens here: numbers are given to another party
    who will commission them.

    Source: EPCIS 2.0 §9 (JSON/JSON-LD), CBV 2.0 §7.1 (reserving), §7.2 (reserved).
    """
    time = block.issue_time.replace(tzinfo=timezone.utc).isoformat("T", "seconds")
    event = {
        "type": "ObjectEvent",
        "eventTime": time.replace("+00:00", "Z"),
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": "reserving",
        "disposition": "reserved",
    }
    document = {
        "@context": [_EPCIS_CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": event["eventTime"],
    }
    yield json.dumps(document)[:-1] + ', "epcisBody": {"eventList": ['
    links = (describe(block, number)["digital_link"] for number in numbers)
    yield from _json_with_list(event, "epcList", links)
    yield "]}}"


def _json_with_list(
    head: Mapping[str, object], name: str, items: Iterable[object]
) -> Iterator[str]:
    """Yield an object with a long list as its last member."""
    yield f"{json.dumps(head)[:-1]}, {json.dumps(name)}: ["
    separator = ""
    for chunk in _chunks(items):
        yield separator + ",\n".join(json.dumps(item) for item in chunk)
        separator = ",\n"
    yield "]}"


def _chunks(items: Iterable) -> Iterator[list]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


FORMS = {
    "csv": (as_csv, "csv", "text/csv; charset=utf-8"),
    "json": (as_json, "json", "application/json"),
    "epcis": (as_epcis, "jsonld", "application/ld+json"),
}
