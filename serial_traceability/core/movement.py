"""What a stock movement means in EPCIS: the table that the ledger is written by.

A movement goes from one usage of location to another, for one purpose. The first
rule of :data:`RULES` that fits names the event's action, business step and
disposition, the read point's side and who has the unit afterwards. The same table
stands in ``docs/events.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

#: Usages of an Odoo location in which we keep goods.
HELD = frozenset({"internal", "transit"})
#: A transit location of no company: goods on their way between two companies.
INTERCOMPANY = "intercompany"
#: ``view`` is none that goods can reach, but a location may have become one since.
ANY = HELD | {
    "supplier",
    "customer",
    "inventory",
    "production",
    INTERCOMPANY,
    "view",
}

#: What a movement is for; one word per movement, see :func:`purpose`.
Purpose = Literal["move", "count", "scrap", "pick", "pack", "store"]
Side = Literal["source", "destination"]
Holder = Literal["company", "partner", "nobody"]


@dataclass(frozen=True, slots=True)
class Movement:
    """The facts that decide which rule a movement falls under.

    :param source: usage of the location it left, as Odoo names it, or
        :data:`INTERCOMPANY`.
    :param destination: usage of the location it reached.
    :param purpose: see :func:`purpose`.
    :param to_stock: whether the destination is where the warehouse keeps stock, not
        a place passed through (input, quality control, packing, output).
    """

    source: str
    destination: str
    purpose: Purpose = "move"
    to_stock: bool = True


@dataclass(frozen=True, slots=True)
class MovementRule:
    """One line of the table.

    :param name: snake_case name, unique; what the documentation calls the movement.
    :param sources: usages it may leave from.
    :param destinations: usages it may reach.
    :param action: EPCIS action.
    :param biz_step: CBV business step, bare word.
    :param disposition: CBV disposition, bare word.
    :param read_point: at which end the event is observed.
    :param holder: who has the unit afterwards.
    :param purposes: for which purposes, None for all.
    :param to_stock: None for both, else only to stock or only elsewhere.
    """

    name: str
    sources: frozenset[str]
    destinations: frozenset[str]
    action: str
    biz_step: str
    disposition: str
    read_point: Side
    holder: Holder
    purposes: frozenset[str] | None = None
    to_stock: bool | None = None

    def fits(self, movement: Movement) -> bool:
        """Return whether ``movement`` falls under this rule."""
        return (
            movement.source in self.sources
            and movement.destination in self.destinations
            and (self.purposes is None or movement.purpose in self.purposes)
            and (self.to_stock is None or movement.to_stock == self.to_stock)
        )


def _usages(*names: str) -> frozenset[str]:
    return frozenset(names)


_SUPPLIER, _CUSTOMER = _usages("supplier"), _usages("customer")
_INTERNAL, _TRANSIT = _usages("internal"), _usages("transit")
_LOSS, _PRODUCTION = _usages("inventory"), _usages("production")
_BETWEEN = _usages(INTERCOMPANY)

#: First fit wins, so the special stands before the general.
RULES: tuple[MovementRule, ...] = (
    MovementRule(
        "scrap", ANY, _LOSS, "DELETE", "destroying", "disposed",
        "source", "nobody", _usages("scrap"),
    ),
    MovementRule(
        "count_loss", ANY, _LOSS, "OBSERVE", "cycle_counting", "unknown",
        "source", "nobody",
    ),
    MovementRule(
        "count_found", _LOSS, HELD, "OBSERVE", "cycle_counting",
        "sellable_not_accessible", "destination", "company",
    ),
    MovementRule(
        "receipt", _SUPPLIER, HELD, "OBSERVE", "receiving", "sellable_not_accessible",
        "destination", "company", to_stock=True,
    ),
    MovementRule(
        "receipt_step", _SUPPLIER, HELD, "OBSERVE", "receiving", "in_progress",
        "destination", "company",
    ),
    MovementRule(
        "dropship", _SUPPLIER, _CUSTOMER, "OBSERVE", "shipping", "in_transit",
        "source", "partner",
    ),
    MovementRule(
        "dropship_return", _CUSTOMER, _SUPPLIER, "OBSERVE", "shipping", "returned",
        "source", "partner",
    ),
    MovementRule(
        "customer_return", _CUSTOMER, HELD, "OBSERVE", "receiving", "returned",
        "destination", "company",
    ),
    MovementRule(
        "supplier_return", HELD, _SUPPLIER, "OBSERVE", "shipping", "returned",
        "source", "partner",
    ),
    MovementRule(
        "delivery", HELD, _CUSTOMER, "OBSERVE", "shipping", "in_transit",
        "source", "partner",
    ),
    MovementRule(
        "company_delivery", HELD, _BETWEEN, "OBSERVE", "shipping", "in_transit",
        "source", "partner",
    ),
    MovementRule(
        "company_receipt", _BETWEEN, HELD, "OBSERVE", "receiving",
        "sellable_not_accessible", "destination", "company", to_stock=True,
    ),
    MovementRule(
        "company_receipt_step", _BETWEEN, HELD, "OBSERVE", "receiving", "in_progress",
        "destination", "company",
    ),
    MovementRule(
        "consumption", HELD, _PRODUCTION, "OBSERVE", "assembling", "in_progress",
        "source", "company",
    ),
    MovementRule(
        "production", _PRODUCTION, HELD, "ADD", "commissioning", "active",
        "destination", "company",
    ),
    MovementRule(
        "transfer_out", _INTERNAL, _TRANSIT, "OBSERVE", "shipping", "in_transit",
        "source", "company",
    ),
    MovementRule(
        "transfer_in", _TRANSIT, _INTERNAL, "OBSERVE", "receiving",
        "sellable_not_accessible", "destination", "company", to_stock=True,
    ),
    MovementRule(
        "transfer_in_step", _TRANSIT, _INTERNAL, "OBSERVE", "receiving", "in_progress",
        "destination", "company",
    ),
    MovementRule(
        "transport", _TRANSIT, _TRANSIT, "OBSERVE", "transporting", "in_transit",
        "source", "company",
    ),
    MovementRule(
        "pick", _INTERNAL, _INTERNAL, "OBSERVE", "picking", "in_progress",
        "source", "company", _usages("pick"),
    ),
    MovementRule(
        "pack", _INTERNAL, _INTERNAL, "OBSERVE", "staging_outbound", "in_progress",
        "destination", "company", _usages("pack"),
    ),
    MovementRule(
        "putaway", _INTERNAL, _INTERNAL, "OBSERVE", "storing",
        "sellable_not_accessible", "destination", "company", to_stock=True,
    ),
    MovementRule(
        "internal_step", _INTERNAL, _INTERNAL, "OBSERVE", "other", "in_progress",
        "destination", "company",
    ),
    MovementRule(
        "other", ANY, ANY, "OBSERVE", "other", "unknown", "destination", "nobody",
    ),
)  # fmt: skip


def purpose(
    *, is_scrap: bool, is_inventory: bool, operation: str | None = None
) -> Purpose:
    """Return what a movement is for.

    :param is_scrap: a scrap order made it.
    :param is_inventory: an inventory adjustment made it.
    :param operation: the step of the warehouse's route, ``pick``, ``pack``,
        ``store``, or None for any other operation type.
    """
    if is_scrap:
        return "scrap"
    if is_inventory:
        return "count"
    if operation in ("pick", "pack", "store"):
        return operation
    return "move"


def classify(movement: Movement, rules: Iterable[MovementRule] = RULES) -> MovementRule:
    """Return the first of ``rules`` that fits ``movement``.

    >>> classify(Movement("internal", "customer")).biz_step
    'shipping'
    >>> classify(Movement("internal", "inventory", "scrap")).disposition
    'disposed'
    """
    return next(rule for rule in rules if rule.fits(movement))


_HOLDERS = {rule.name: rule.holder for rule in RULES}
#: Units are seen where they are taken out of a package; all else that no rule names
#: (filling a package, taking a movement back) is seen where the units are then.
_READ_POINTS: dict[str | None, Side] = {rule.name: rule.read_point for rule in RULES}
_READ_POINTS["unpack"] = "source"


def get_holder(name: str | None) -> Holder:
    """Return who has the unit after a movement of that name.

    >>> get_holder("delivery"), get_holder("no such movement")
    ('partner', 'nobody')
    """
    return _HOLDERS.get(name, "nobody")


def get_read_point(name: str | None) -> Side:
    """Return at which end a movement of that name was observed.

    >>> get_read_point("delivery"), get_read_point("undo_delivery")
    ('source', 'destination')
    """
    return _READ_POINTS.get(name, "destination")


def undo(movement: Movement, rule: MovementRule) -> MovementRule:
    """Return the rule under which ``movement``, made by ``rule``, is taken back.

    The unit stands where it stood before: what had left us is void shipping (CBV),
    everything else is told as ``other``; in both the disposition is the one that a
    unit has at the place it never left.
    """
    held = movement.source in HELD
    at_home = movement.source == "internal" and rule.biz_step == "shipping"
    return MovementRule(
        name=f"undo_{rule.name}",
        sources=rule.destinations,
        destinations=rule.sources,
        action="OBSERVE",
        biz_step="void_shipping" if at_home else "other",
        disposition="sellable_not_accessible" if held else _absent(movement.source),
        read_point="destination",
        holder="company" if held else "partner",
    )


def _absent(usage: str) -> str:
    """Return the disposition of a unit that is not ours to place."""
    return "in_transit" if usage == "customer" else "unknown"
