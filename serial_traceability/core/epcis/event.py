"""EPCIS 2.0 events as values that hold only what the standard allows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from decimal import Decimal

from ..errors import EpcisError
from .uri import is_uri
from .vocabulary import (
    BIZ_STEP,
    BIZ_TRANSACTION_TYPE,
    DISPOSITION,
    SOURCE_DESTINATION_TYPE,
)

ACTIONS = frozenset({"OBSERVE", "ADD", "DELETE"})

_COMMON = frozenset(
    {
        "type", "event_time", "event_time_zone_offset", "biz_step", "disposition",
        "read_point", "biz_location", "biz_transactions", "sources", "destinations",
    }
)  # fmt: skip
_CHILDREN = frozenset({"action", "parent_epc", "child_epcs", "child_quantity_list"})
#: Which fields an event of each type may have. Source: EPCIS 2.0, core event types.
EVENT_FIELDS: dict[str, frozenset[str]] = {
    "ObjectEvent": _COMMON | {"action", "epc_list", "quantity_list"},
    "AggregationEvent": _COMMON | _CHILDREN,
    "TransactionEvent": _COMMON | {"action", "parent_epc", "epc_list", "quantity_list"},
    "TransformationEvent": _COMMON
    | {
        "input_epc_list", "input_quantity_list", "output_epc_list",
        "output_quantity_list", "transformation_id",
    },
    "AssociationEvent": _COMMON | _CHILDREN,
}  # fmt: skip
_EPC_LISTS = ("epc_list", "child_epcs", "input_epc_list", "output_epc_list")
_QUANTITY_LISTS = (
    "quantity_list", "child_quantity_list", "input_quantity_list",
    "output_quantity_list",
)  # fmt: skip
_SEQUENCES = (
    *_EPC_LISTS, *_QUANTITY_LISTS, "biz_transactions", "sources", "destinations"
)  # fmt: skip
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)\Z")
_UOM = re.compile(r"[A-Z0-9]{2,3}\Z")


@dataclass(frozen=True)
class Quantity:
    """How much of a class takes part in an event.

    :param epc_class: URI of the class, as an LGTIN or the Digital Link of a lot.
    :param quantity: None where it is not known; finite.
    :param uom: UN/ECE Recommendation 20 code, as ``KGM``; None for a count.

    Source: EPCIS 2.0, QuantityElement.
    """

    epc_class: str
    quantity: Decimal | int | float | None = None
    uom: str | None = None

    def __post_init__(self) -> None:
        _check_uri("epc_class", self.epc_class)
        if self.uom is not None and not _UOM.match(self.uom):
            raise _error("uom", self.uom, "a UN/ECE Recommendation 20 code")
        if self.uom is not None and self.quantity is None:
            raise _error("uom", self.uom, "a unit only beside a quantity")
        if self.quantity is not None and not Decimal(str(self.quantity)).is_finite():
            raise _error("quantity", str(self.quantity), "a finite number")


@dataclass(frozen=True)
class BizTransaction:
    """A document that an event belongs to.

    :param id: its URI, as ``urn:epcglobal:cbv:bt:5200001000008:4711``.
    :param type: business transaction type, in any spelling of the vocabulary.

    Source: EPCIS 2.0, BusinessTransaction.
    """

    id: str
    type: str | None = None

    def __post_init__(self) -> None:
        _check_uri("business transaction", self.id)
        if self.type is not None:
            BIZ_TRANSACTION_TYPE.bare(self.type)


@dataclass(frozen=True)
class Party:
    """One end of a business transfer: a source or a destination.

    :param type: ``owning_party``, ``possessing_party`` or ``location``, in any
        spelling of the vocabulary.
    :param id: URI of the party or place.

    Source: EPCIS 2.0, Source and Destination.
    """

    type: str
    id: str

    def __post_init__(self) -> None:
        SOURCE_DESTINATION_TYPE.bare(self.type)
        _check_uri("source or destination", self.id)


@dataclass(frozen=True)
class Event:
    """One EPCIS event, checked: what EPCIS forbids cannot be constructed.

    Lists may be given as any sequence and are kept as tuples. Words of the vocabulary
    may be given in any spelling. Things are named by absolute URIs.

    :param type: one of :data:`EVENT_FIELDS`.
    :param event_time: when it happened; aware, or naive and then UTC.
    :param event_time_zone_offset: where it happened, as ``+02:00``.
    :param action: ``OBSERVE``, ``ADD`` or ``DELETE``; None for a TransformationEvent.
    :raises EpcisError: where a value or a combination is not allowed.

    Source: EPCIS 2.0, core event types.

    >>> event = Event(
    ...     "ObjectEvent",
    ...     datetime(2026, 3, 2, 9, 30),
    ...     action="OBSERVE",
    ...     biz_step="receiving",
    ...     epc_list=["https://id.gs1.org/01/09506000134352/21/1"],
    ... )
    >>> event.event_time_utc.isoformat()
    '2026-03-02T09:30:00+00:00'
    """

    type: str
    event_time: datetime
    event_time_zone_offset: str = "+00:00"
    action: str | None = None
    epc_list: Sequence[str] = ()
    quantity_list: Sequence[Quantity] = ()
    parent_epc: str | None = None
    child_epcs: Sequence[str] = ()
    child_quantity_list: Sequence[Quantity] = ()
    input_epc_list: Sequence[str] = ()
    input_quantity_list: Sequence[Quantity] = ()
    output_epc_list: Sequence[str] = ()
    output_quantity_list: Sequence[Quantity] = ()
    transformation_id: str | None = None
    biz_step: str | None = None
    disposition: str | None = None
    read_point: str | None = None
    biz_location: str | None = None
    biz_transactions: Sequence[BizTransaction] = ()
    sources: Sequence[Party] = ()
    destinations: Sequence[Party] = ()

    def __post_init__(self) -> None:
        for name in _SEQUENCES:
            values = getattr(self, name)
            if isinstance(values, str):
                raise _error(name, values, "a list")
            object.__setattr__(self, name, tuple(values))
        self.check()

    @property
    def event_time_utc(self) -> datetime:
        """The event time, aware and in UTC."""
        if self.event_time.tzinfo is None:
            return self.event_time.replace(tzinfo=timezone.utc)
        return self.event_time.astimezone(timezone.utc)

    def check(self) -> None:
        """Check every value and what EPCIS asks of their combination.

        :raises EpcisError: naming the field, its value and what was expected.

        Source: EPCIS 2.0, core event types.
        """
        self._check_fields()
        self._check_values()
        if self.type == "TransformationEvent":
            self._check_transformation()
        else:
            self._check_what()

    def _check_fields(self) -> None:
        """Check the type and that no field is set that the type lacks."""
        if self.type not in EVENT_FIELDS:
            raise _error("type", self.type, " or ".join(EVENT_FIELDS))
        allowed = EVENT_FIELDS[self.type]
        for item in fields(self):
            if item.name not in allowed and getattr(self, item.name):
                raise EpcisError(
                    f"A {self.type} has no {item.name}.",
                    code="field",
                    value=item.name,
                    expected=", ".join(sorted(allowed)),
                )

    def _check_values(self) -> None:
        """Check each value by itself."""
        if not _OFFSET.match(self.event_time_zone_offset):
            raise _error(
                "event_time_zone_offset", self.event_time_zone_offset, "as +02:00"
            )
        if self.biz_step is not None:
            BIZ_STEP.bare(self.biz_step)
        if self.disposition is not None:
            DISPOSITION.bare(self.disposition)
        for name in ("parent_epc", "read_point", "biz_location", "transformation_id"):
            if getattr(self, name) is not None:
                _check_uri(name, getattr(self, name))
        for name in _EPC_LISTS:
            _check_epcs(name, getattr(self, name))

    def _check_what(self) -> None:
        """Check action, parent, children and documents of an event with an action."""
        if self.action not in ACTIONS:
            raise _error("action", str(self.action), "OBSERVE, ADD or DELETE")
        if self.type == "TransactionEvent" and not self.biz_transactions:
            raise self._missing("biz_transactions")
        if not self.parent_epc and self._needs_parent():
            raise self._missing("parent_epc")
        is_object = self.type == "ObjectEvent"
        if not self._things() and (is_object or self.action != "DELETE"):
            raise self._missing("EPCs or quantities")

    def _needs_parent(self) -> bool:
        """Return whether the event is about a parent that must be named."""
        if self.type == "AggregationEvent":
            return self.action != "OBSERVE"
        return self.type == "AssociationEvent"

    def _things(self) -> Sequence:
        """Return what the event is about, other than the parent."""
        return (
            self.epc_list
            or self.quantity_list
            or self.child_epcs
            or self.child_quantity_list
        )

    def _check_transformation(self) -> None:
        """Check that inputs and outputs are there, or an ID that joins two events."""
        inputs = self.input_epc_list or self.input_quantity_list
        outputs = self.output_epc_list or self.output_quantity_list
        if not inputs and not (outputs and self.transformation_id):
            raise self._missing("inputs")
        if not outputs and not self.transformation_id:
            raise self._missing("outputs")

    def _missing(self, what: str) -> EpcisError:
        return EpcisError(
            f"This {self.type} ({self.action}) needs {what}.",
            code="missing",
            value="",
            expected=what,
        )


def _check_epcs(name: str, epcs: Sequence[str]) -> None:
    """Check that all are URIs and none is there twice."""
    if not all(map(is_uri, epcs)):
        _check_uri(name, next(epc for epc in epcs if not is_uri(epc)))
    if len(set(epcs)) != len(epcs):
        twice = next(epc for epc in epcs if epcs.count(epc) > 1)
        raise _error(name, twice, "each EPC once")


def _check_uri(name: str, value: str) -> None:
    if not is_uri(value):
        raise _error(name, value, "an absolute URI")


def _error(field: str, value: str, expected: str) -> EpcisError:
    """Return the error for the ``value`` of a field."""
    return EpcisError(
        f"{field} is {value!r}, expected {expected}.",
        code="value",
        value=value,
        expected=expected,
    )
