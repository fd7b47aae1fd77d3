"""The sealed form of an event."""

from datetime import date, datetime
from decimal import Decimal

from serial_traceability.core.ledger.entry import build_entry, record_hash, seal_value

EVENT = {"id": 7, "event_type": "ObjectEvent", "reason": None, "record_hash": "x"}
LINES = [{"id": 3, "event_id": 7, "sequence": 1, "quantity": 2.0, "lot_name": "A"}]


def test_entry_leaves_out_empty_columns_and_its_own_hash():
    assert build_entry(EVENT, LINES) == {
        "id": 7,
        "event_type": "ObjectEvent",
        "lines": [{"sequence": 1, "quantity": "2", "lot_name": "A"}],
    }


def test_column_added_later_leaves_an_old_hash_as_it_was():
    assert record_hash(EVENT, LINES) == record_hash({**EVENT, "later": None}, LINES)


def test_each_change_of_a_value_changes_the_hash():
    before = record_hash(EVENT, LINES)
    assert record_hash({**EVENT, "reason": "why"}, LINES) != before
    assert record_hash(EVENT, [{**LINES[0], "lot_name": "B"}]) != before
    assert record_hash(EVENT, []) != before
    assert record_hash(EVENT, LINES * 2) != before


def test_quantity_reads_the_same_as_float_and_as_decimal():
    for number in ("1", "0.1", "1234567.000001", "0.333333"):
        assert seal_value(float(number)) == seal_value(Decimal(number)) == number


def test_times_are_sealed_in_utc_to_the_microsecond():
    assert seal_value(datetime(2026, 1, 2, 3, 4, 5, 6)) == "2026-01-02T03:04:05.000006Z"
    assert seal_value(date(2026, 1, 2)) == "2026-01-02"
