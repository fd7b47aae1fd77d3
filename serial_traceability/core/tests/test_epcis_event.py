from datetime import datetime, timedelta, timezone

import pytest

from serial_traceability.core.epcis import BizTransaction, Event, Party, Quantity
from serial_traceability.core.errors import EpcisError

NOW = datetime(2026, 3, 2, 9, 30)
UNIT = "https://id.gs1.org/01/09506000134352/21/1"
PALLET = "https://id.gs1.org/00/340123451111111111"
LOT = Quantity("https://id.gs1.org/01/09506000134352/10/A", 5)
ORDER = BizTransaction("urn:epcglobal:cbv:bt:5200001000008:4711", "po")


def refusal(*args, **kwargs):
    with pytest.raises(EpcisError) as caught:
        Event(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("ObjectEvent", {"action": "ADD", "epc_list": [UNIT]}),
        ("ObjectEvent", {"action": "DELETE", "quantity_list": [LOT]}),
        (
            "AggregationEvent",
            {"action": "ADD", "parent_epc": PALLET, "child_epcs": [UNIT]},
        ),
        ("AggregationEvent", {"action": "OBSERVE", "child_quantity_list": [LOT]}),
        ("AggregationEvent", {"action": "DELETE", "parent_epc": PALLET}),
        (
            "TransactionEvent",
            {"action": "ADD", "epc_list": [UNIT], "biz_transactions": [ORDER]},
        ),
        ("TransactionEvent", {"action": "DELETE", "biz_transactions": [ORDER]}),
        (
            "TransformationEvent",
            {"input_epc_list": [UNIT], "output_quantity_list": [LOT]},
        ),
        (
            "TransformationEvent",
            {"output_epc_list": [UNIT], "transformation_id": "urn:x:1"},
        ),
        (
            "AssociationEvent",
            {"action": "ADD", "parent_epc": PALLET, "child_epcs": [UNIT]},
        ),
        ("AssociationEvent", {"action": "DELETE", "parent_epc": PALLET}),
    ],
)
def test_what_epcis_allows_can_be_made(type, fields):
    assert Event(type, NOW, **fields).type == type


@pytest.mark.parametrize(
    ("type", "fields", "missing"),
    [
        ("ObjectEvent", {"action": "ADD"}, "EPCs or quantities"),
        ("ObjectEvent", {"action": "DELETE"}, "EPCs or quantities"),
        ("AggregationEvent", {"action": "ADD", "child_epcs": [UNIT]}, "parent_epc"),
        ("AggregationEvent", {"action": "DELETE", "child_epcs": [UNIT]}, "parent_epc"),
        (
            "AggregationEvent",
            {"action": "ADD", "parent_epc": PALLET},
            "EPCs or quantities",
        ),
        (
            "AggregationEvent",
            {"action": "OBSERVE", "parent_epc": PALLET},
            "EPCs or quantities",
        ),
        ("TransactionEvent", {"action": "ADD", "epc_list": [UNIT]}, "biz_transactions"),
        (
            "TransactionEvent",
            {"action": "ADD", "biz_transactions": [ORDER]},
            "EPCs or quantities",
        ),
        ("TransformationEvent", {"output_epc_list": [UNIT]}, "inputs"),
        ("TransformationEvent", {"input_epc_list": [UNIT]}, "outputs"),
        ("TransformationEvent", {"transformation_id": "urn:x:1"}, "inputs"),
        ("AssociationEvent", {"action": "OBSERVE", "child_epcs": [UNIT]}, "parent_epc"),
        (
            "AssociationEvent",
            {"action": "ADD", "parent_epc": PALLET},
            "EPCs or quantities",
        ),
    ],
)
def test_what_epcis_asks_for_is_asked_for(type, fields, missing):
    error = refusal(type, NOW, **fields)
    assert (error.code, error.expected) == ("missing", missing)


@pytest.mark.parametrize(
    ("type", "field", "value"),
    [
        ("ObjectEvent", "parent_epc", PALLET),
        ("ObjectEvent", "child_epcs", [UNIT]),
        ("ObjectEvent", "transformation_id", "urn:x:1"),
        ("AggregationEvent", "epc_list", [UNIT]),
        ("TransactionEvent", "child_epcs", [UNIT]),
        ("TransformationEvent", "action", "ADD"),
        ("TransformationEvent", "epc_list", [UNIT]),
        ("AssociationEvent", "input_epc_list", [UNIT]),
    ],
)
def test_a_field_of_another_type_is_refused(type, field, value):
    error = refusal(type, NOW, **{field: value})
    assert (error.code, error.value) == ("field", field)


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "UPDATE"},
        {"action": None},
        {"event_time_zone_offset": "+14:01"},
        {"event_time_zone_offset": "02:00"},
        {"event_time_zone_offset": "Z"},
        {"epc_list": ["no URI"]},
        {"epc_list": [UNIT, UNIT]},
        {"epc_list": UNIT},
        {"read_point": "WH/Stock"},
        {"biz_location": ""},
        {"type": "QuantityEvent"},
    ],
)
def test_a_value_that_epcis_does_not_know_is_refused(fields):
    base = {"type": "ObjectEvent", "action": "ADD", "epc_list": [UNIT]}
    assert refusal(event_time=NOW, **base | fields).code == "value"


def test_words_outside_the_vocabulary_are_refused():
    base = {"action": "ADD", "epc_list": [UNIT]}
    assert refusal("ObjectEvent", NOW, biz_step="teleporting", **base).code == (
        "vocabulary"
    )
    assert refusal("ObjectEvent", NOW, disposition="lost", **base).code == "vocabulary"


def test_parts_of_an_event_check_themselves():
    for make in (
        lambda: Quantity("LOT-1"),
        lambda: Quantity(UNIT, float("nan")),
        lambda: Quantity(UNIT, 1, "kg"),
        lambda: Quantity(UNIT, None, "KGM"),
        lambda: BizTransaction("PO0001"),
        lambda: BizTransaction("urn:x:1", "order"),
        lambda: Party("owner", "urn:x:1"),
        lambda: Party("location", "WH"),
    ):
        with pytest.raises(EpcisError):
            make()


def test_lists_are_kept_as_tuples_and_the_event_can_be_hashed():
    event = Event("ObjectEvent", NOW, action="ADD", epc_list=[UNIT])
    assert event.epc_list == (UNIT,)
    assert event == Event("ObjectEvent", NOW, action="ADD", epc_list=(UNIT,))
    assert len({event, event}) == 1


def test_a_naive_time_is_utc():
    event = Event("ObjectEvent", NOW, action="ADD", epc_list=[UNIT])
    zone = timezone(timedelta(hours=2))
    aware = Event(
        "ObjectEvent", NOW.replace(hour=11, tzinfo=zone), action="ADD", epc_list=[UNIT]
    )
    assert event.event_time_utc == aware.event_time_utc
    assert aware.event_time_utc.utcoffset() == timedelta()
