"""What a trace is made from: the ledger's rows, as plain values."""

from datetime import datetime
from typing import NamedTuple

#: Usages of an Odoo location in which we keep goods; see ``core.movement``.
HELD = frozenset({"internal", "transit"})
#: Usages at which a partner, not a place of ours, has the goods.
PARTNERS = frozenset({"supplier", "customer"})


class Place(NamedTuple):
    """One end of a movement.

    :param usage: of the location, as Odoo names it.
    :param location_id: the location's id, 0 where it is not known.
    :param name: the location's full name when it happened.
    :param partner_id: who has the goods there; only where ``usage`` is a partner's.
    """

    usage: str
    location_id: int
    name: str
    partner_id: int | None = None

    @property
    def is_held(self) -> bool:
        """Return whether goods at this place are in our hands."""
        return self.usage in HELD

    @property
    def key(self) -> tuple[int, int | None]:
        """Return what makes two mentions of a place the same place."""
        return self.location_id, self.partner_id


class Document(NamedTuple):
    """The document in whose course something happened: model, id."""

    model: str
    id: int


class TraceEvent(NamedTuple):
    """One event of the ledger, as far as a trace reads it.

    :param time: when it happened; for the new telling of a corrected event the time
        of the event that it corrects.
    :param source: None where the event moved nothing (a transformation).
    :param is_undo: whether it takes back what earlier lines of the same move lines
        told.
    """

    id: int
    time: datetime
    document: Document
    source: Place | None = None
    destination: Place | None = None
    is_undo: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        """Return where the event stands in the order of the ledger."""
        return self.time, self.id


class TraceLine(NamedTuple):
    """One unit, or a quantity of a lot, in an event.

    :param role: ``unit``, ``quantity``, ``input`` or ``output``.
    :param quantity: in ``uom``, 1.0 for a unit.
    """

    lot_id: int
    event_id: int
    role: str
    quantity: float = 1.0
    uom: str = ""
    move_line_id: int | None = None


class Unit(NamedTuple):
    """A serial or lot, as a graph names it."""

    id: int
    name: str
    product_id: int
    is_serial: bool = True


class Step(NamedTuple):
    """A line together with its event: one row of the list of a trace."""

    line: TraceLine
    event: TraceEvent
