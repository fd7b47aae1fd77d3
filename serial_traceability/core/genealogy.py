"""Which component went into which unit, as far as an order tells.

An order says which components it used up and which units it made. Where somebody said
which component went into which unit, that is known by unit; of all others it is known
by order only: each went into one of its units, and any of them may have it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

#: Quantities that differ by less are one: they have six decimals.
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Consumption:
    """What an order used up of one component.

    :param product_id: of the component.
    :param quantity: of its serial or lot, in the product's unit of measure.
    """

    product_id: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Share:
    """Components that went into units, in equal parts into each of them.

    :param units: ids of the units' lots.
    :param components: ``(id of the component's lot, quantity in all units together)``.
    :param exact: whether it is known by unit.
    """

    units: tuple[int, ...]
    components: tuple[tuple[int, float], ...]
    exact: bool


def share_out(
    units: tuple[int, ...],
    consumed: Mapping[int, Consumption],
    chosen: Mapping[tuple[int, int], float],
) -> list[Share]:
    """Return what went into what.

    A unit that was taken apart and made anew is no component of itself.

    :param units: ids of the lots that the order made.
    :param consumed: by id of the component's lot.
    :param chosen: ``{(unit, component): quantity}`` as somebody said; what the order
        neither made nor used up does not count.

    >>> used = {7: Consumption(1, 1.0), 8: Consumption(1, 1.0)}
    >>> share_out((1,), used, {})
    [Share(units=(1,), components=((7, 1.0), (8, 1.0)), exact=True)]
    >>> for share in share_out((1, 2), used, {(1, 8): 1.0}):
    ...     print(share)
    Share(units=(1,), components=((8, 1.0),), exact=True)
    Share(units=(2,), components=((7, 1.0),), exact=False)
    """
    consumed = {lot: used for lot, used in consumed.items() if lot not in set(units)}
    if not units or not consumed:
        return []
    if len(units) == 1:
        parts = tuple((lot, used.quantity) for lot, used in consumed.items())
        return [Share(tuple(units), parts, True)]
    chosen = _limit(units, consumed, chosen)
    return _by_unit(chosen) + _by_order(units, consumed, chosen)


def _limit(units, consumed, chosen):
    """Return what of ``chosen`` the order made and used up, and no more than that."""
    left = {lot: used.quantity for lot, used in consumed.items()}
    limited = {}
    for (unit, component), quantity in chosen.items():
        taken = min(quantity, left.get(component, 0.0))
        if unit in units and taken > _TOLERANCE:
            left[component] -= taken
            limited[unit, component] = taken
    return limited


def _by_unit(chosen):
    parts = defaultdict(list)
    for (unit, component), quantity in chosen.items():
        parts[unit].append((component, quantity))
    return [Share((unit,), tuple(found), True) for unit, found in parts.items()]


def _by_order(units, consumed, chosen):
    """Return the shares of what nobody said the unit of."""
    left = {lot: used.quantity for lot, used in consumed.items()}
    for (_unit, component), quantity in chosen.items():
        left[component] -= quantity
    open_units = _find_open(units, consumed, chosen)
    groups = defaultdict(list)
    for component, quantity in left.items():
        if quantity > _TOLERANCE:
            candidates = open_units[consumed[component].product_id]
            groups[candidates].append((component, round(quantity, 6)))
    return [Share(group, tuple(parts), False) for group, parts in groups.items()]


def _find_open(units, consumed, chosen):
    """Return ``{product: units that may have more of it}``: those of which somebody
    said less than their even share, all where that is none.
    """
    totals, said = defaultdict(float), defaultdict(float)
    for used in consumed.values():
        totals[used.product_id] += used.quantity
    for (unit, component), quantity in chosen.items():
        said[unit, consumed[component].product_id] += quantity
    return {
        product: tuple(
            unit
            for unit in units
            if said[unit, product] < total / len(units) - _TOLERANCE
        )
        or tuple(units)
        for product, total in totals.items()
    }
