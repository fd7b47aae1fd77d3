"""The CBV 2.0 event hash ID: one fingerprint for an event in any representation.

It is the field's common name for an event, not a seal of our record: event ID, record
time and error declaration are outside it, and anyone can recompute it.

Two points where the reference implementation departs from the rules, and we follow
the rules: a half millisecond is rounded up (reference: to even), and a time that
rounds up to the next second is written (reference: an error).
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from .event import BizTransaction, Event, Party, Quantity
from .uri import canonical_uri
from .vocabulary import (
    BIZ_STEP,
    BIZ_TRANSACTION_TYPE,
    DISPOSITION,
    SOURCE_DESTINATION_TYPE,
)

CBV_VERSION = "CBV2.0"


def event_hash_id(event: Event) -> str:
    """Return the event hash ID of ``event``.

    :return: a URI, ``ni:///sha-256;<64 hex digits>?ver=CBV2.0``.

    Source: CBV 2.0, event hash IDs; RFC 6920.
    """
    digest = hashlib.sha256(pre_hash_string(event).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver={CBV_VERSION}"


def pre_hash_string(event: Event) -> str:
    """Return the text whose digest is the event hash.

    Fields stand in the canonical order as ``name=value`` without separators; what is
    not set is left out; the elements of a list are sorted.

    Source: CBV 2.0, event hash IDs: rules 1 to 18 and the canonical property order.

    >>> from datetime import datetime
    >>> epcs = ["urn:epc:id:sscc:4012345.1112223334"]
    >>> time = datetime(2022, 2, 16, 15, 50)
    >>> event = Event("ObjectEvent", time, action="OBSERVE", epc_list=epcs)
    >>> pre_hash_string(event)[55:]
    'eventTimeZoneOffset=+00:00epcListepc=https://id.gs1.org/00/140123451122233341action=OBSERVE'
    """
    return "".join(
        (
            f"eventType={event.type}",
            f"eventTime={_timestamp(event)}",
            f"eventTimeZoneOffset={event.event_time_zone_offset}",
            _what(event),
            _why_and_where(event),
            _list("bizTransactionList", map(_biz_transaction, event.biz_transactions)),
            _list("sourceList", (_party("source", item) for item in event.sources)),
            _list(
                "destinationList",
                (_party("destination", item) for item in event.destinations),
            ),
        )
    )


def _what(event: Event) -> str:
    """Return the part that says what took part and how, in canonical order."""
    return "".join(
        (
            _epcs("epcList", event.epc_list),
            _uri("parentID=", event.parent_epc),
            _epcs("inputEPCList", event.input_epc_list),
            _epcs("childEPCs", event.child_epcs),
            _quantities("quantityList", event.quantity_list),
            _quantities("childQuantityList", event.child_quantity_list),
            _quantities("inputQuantityList", event.input_quantity_list),
            _epcs("outputEPCList", event.output_epc_list),
            _quantities("outputQuantityList", event.output_quantity_list),
            f"action={event.action}" if event.action else "",
            _uri("transformationID=", event.transformation_id),
        )
    )


def _why_and_where(event: Event) -> str:
    """Return the part with business step, disposition and places."""
    text = ""
    if event.biz_step:
        text += f"bizStep={BIZ_STEP.as_web_uri(event.biz_step)}"
    if event.disposition:
        text += f"disposition={DISPOSITION.as_web_uri(event.disposition)}"
    return (
        text
        + _uri("readPointid=", event.read_point)
        + _uri("bizLocationid=", event.biz_location)
    )


def _timestamp(event: Event) -> str:
    """Return the event time in UTC, rounded half up to milliseconds (rules 8 and 9)."""
    time = event.event_time_utc + timedelta(microseconds=500)
    return time.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _list(name: str, elements: Iterable[str]) -> str:
    """Return the sorted elements behind the list's name, nothing for none."""
    text = "".join(sorted(elements))
    return name + text if text else ""


def _epcs(name: str, epcs: Sequence[str]) -> str:
    if not epcs:
        return ""
    return f"{name}epc=" + "epc=".join(sorted(map(canonical_uri, epcs)))


def _uri(label: str, uri: str | None) -> str:
    return label + canonical_uri(uri) if uri else ""


def _quantities(name: str, quantities: Sequence[Quantity]) -> str:
    return _list(name, map(_quantity, quantities))


def _quantity(quantity: Quantity) -> str:
    text = f"quantityElementepcClass={canonical_uri(quantity.epc_class)}"
    if quantity.quantity is not None:
        text += f"quantity={_number(quantity.quantity)}"
    return text + (f"uom={quantity.uom}" if quantity.uom else "")


def _number(number: Decimal | int | float) -> str:
    """Return ``number`` without trailing zeros and without exponent (rule 6).

    >>> _number(200.50), _number(Decimal("1E+2")), _number(-0.0)
    ('200.5', '100', '0')
    """
    text = format(Decimal(str(number)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _biz_transaction(transaction: BizTransaction) -> str:
    text = f"bizTransaction={canonical_uri(transaction.id)}"
    if transaction.type is None:
        return text
    return f"type={BIZ_TRANSACTION_TYPE.as_web_uri(transaction.type)}{text}"


def _party(name: str, party: Party) -> str:
    word = SOURCE_DESTINATION_TYPE.as_web_uri(party.type)
    return f"type={word}{name}={canonical_uri(party.id)}"
