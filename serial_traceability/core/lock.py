"""Where a unit that is held may still go.

A hold stops a unit from leaving us and from being used up. It does not stop what
brings the unit in, keeps it where it is, or gets rid of it under supervision: each of
these ways is one *passage*, and the reason of a hold says which passages it leaves
open.
"""

from dataclasses import dataclass
from typing import Literal

from .movement import INTERCOMPANY

#: What a movement is to a unit that is held.
Passage = Literal[
    "entry",
    "stay",
    "scrap",
    "count",
    "quarantine",
    "repair",
    "customer_return",
    "supplier_return",
    "delivery",
    "consumption",
    "transfer",
]
#: What a location that takes held units is for.
Keeping = Literal["quarantine", "repair"]

#: Nothing leaves: these are open to every unit, whatever it is held for.
ALWAYS_OPEN: frozenset[str] = frozenset({"entry", "stay"})
#: These are what a hold is there to stop.
NEVER_OPEN: frozenset[str] = frozenset({"delivery", "consumption", "transfer"})
#: These a reason may leave open, one by one.
BY_REASON: tuple[str, ...] = (
    "scrap",
    "count",
    "quarantine",
    "repair",
    "customer_return",
    "supplier_return",
)


@dataclass(frozen=True, slots=True)
class Step:
    """The facts of one movement that decide which passage it is.

    :param source: usage of the location left, as Odoo names it, or
        :data:`.movement.INTERCOMPANY`.
    :param destination: usage of the location reached.
    :param purpose: see :func:`.movement.purpose`.
    :param same_place: whether both are one location.
    :param keeping: what the destination keeps held units for, None for nothing.
    """

    source: str
    destination: str
    purpose: str = "move"
    same_place: bool = False
    keeping: str | None = None


def get_passage(step: Step) -> Passage:
    """Return what ``step`` is to a unit that is held.

    Where it goes decides before what it is called: a scrap order or a count that ends
    at a customer is a delivery.

    >>> get_passage(Step("internal", "customer"))
    'delivery'
    >>> get_passage(Step("internal", "internal", keeping="quarantine"))
    'quarantine'
    >>> get_passage(Step("supplier", "customer"))
    'delivery'
    >>> get_passage(Step("customer", "internal"))
    'customer_return'
    >>> get_passage(Step("intercompany", "internal"))
    'entry'
    """
    if step.same_place:
        return "stay"
    if step.destination in _LEAVING:
        return _LEAVING[step.destination]
    if step.destination == "inventory":
        return "scrap" if step.purpose == "scrap" else "count"
    return _get_inner_passage(step)


def _get_inner_passage(step: Step) -> Passage:
    """Return the passage to a place of our own.

    What is on its way to us may arrive: it would be nowhere otherwise.
    """
    if step.source == "inventory":
        return "count"
    if step.source == "customer":
        return "customer_return"
    if step.source in ("supplier", "production", INTERCOMPANY):
        return "entry"
    if step.source == "transit" and step.destination == "internal":
        return "entry"
    return _KEEPING.get(step.keeping, "transfer")


_KEEPING: dict[str | None, Passage] = {"quarantine": "quarantine", "repair": "repair"}
#: Where units leave us or are used up, and what that is.
_LEAVING: dict[str, Passage] = {
    "customer": "delivery",
    "supplier": "supplier_return",
    "production": "consumption",
    INTERCOMPANY: "delivery",
}


def is_open(passage: str, permitted: frozenset[str]) -> bool:
    """Return whether a unit may take a passage.

    :param permitted: those of :data:`BY_REASON` that every one of its holds leaves
        open.

    >>> is_open("scrap", frozenset({"scrap"})), is_open("delivery", frozenset())
    (True, False)
    """
    return passage in ALWAYS_OPEN or (passage in permitted and passage in BY_REASON)
