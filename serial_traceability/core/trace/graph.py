"""The graph of a trace: who had it, which documents moved it, where it went.

Units that took the same way are one node. What comes back from outside starts a new
round further to the right, so that a unit sold, returned and sold again reads from
left to right and the graph has no circle that a reader must unwind.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .rows import Document, Place, Step, Unit

#: Columns of one round, from left to right.
STAGES = ("source", "inbound", "units", "inside", "outbound", "destination")
#: Rounds drawn apart; a unit that comes back more often reuses the last.
MAX_ROUND = 5

_NUMBERS = re.compile(r"(\d+)")
_SOURCE, _INBOUND, _UNITS, _INSIDE, _OUTBOUND, _DESTINATION = range(len(STAGES))


@dataclass(slots=True)
class Node:
    """One box.

    :param key: unique in the graph, text.
    :param kind: ``partner``, ``place``, ``document`` or ``units``.
    :param round: how often the goods had come back, 0 for never.
    :param stage: index in :data:`STAGES`.
    :param subject: what it stands for: a :class:`Place`, a :class:`Document` or the
        ids of lots, sorted by name.
    :param column: 0-based, from left to right; see ``columns``.
    :param merged: how many boxes it stands for, 1 unless they were collapsed.
    """

    key: str
    kind: str
    round: int
    stage: int
    subject: object
    column: int = 0
    merged: int = 1


@dataclass(slots=True)
class Flow:
    """What went along an edge.

    :param units: number of serials.
    :param quantities: of lots, by unit of measure.
    """

    units: int = 0
    quantities: dict[str, float] = field(default_factory=dict)

    def add(self, other: "Flow") -> None:
        """Add what went along another edge."""
        self.units += other.units
        for uom, quantity in other.quantities.items():
            total = self.quantities.get(uom, 0) + quantity
            self.quantities[uom] = round(total, 6)


@dataclass(slots=True)
class Graph:
    """Boxes by key and edges by the keys of their ends."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], Flow] = field(default_factory=dict)

    def weights(self) -> dict[str, float]:
        """Return how much goes through each node: units and quantities together."""
        totals = {key: [0.0, 0.0] for key in self.nodes}
        for (source, target), flow in self.edges.items():
            amount = flow.units + sum(flow.quantities.values())
            totals[source][0] += amount
            totals[target][1] += amount
        return {key: max(pair) for key, pair in totals.items()}


@dataclass(slots=True)
class Group:
    """Serials of one product that took the same way, or one lot.

    :param lots: ids, in the order of their names.
    :param steps: of the first of them; the others' differ in the line only.
    """

    lots: list[int]
    steps: list[Step]
    is_serial: bool


def group_units(steps: Iterable[Step], units: Mapping[int, Unit]) -> list[Group]:
    """Return the groups of the units in ``steps``, the largest first.

    :param steps: in the order in which they happened.
    :param units: by lot id; steps of others are left out.
    """
    paths: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        if step.line.lot_id in units:
            paths[step.line.lot_id].append(step)
    way_of = _Ways()
    groups: dict[tuple, Group] = {}
    for lot_id in sorted(paths, key=lambda lot: natural_key(units[lot].name)):
        unit, path = units[lot_id], paths[lot_id]
        alone = 0 if unit.is_serial else lot_id
        key = (unit.product_id, alone, tuple(way_of(step) for step in path))
        groups.setdefault(key, Group([], path, unit.is_serial)).lots.append(lot_id)
    return sorted(groups.values(), key=lambda group: -len(group.lots))


class _Ways(dict):
    """Numbers the ways that steps go: one number a document, role and pair of ends."""

    def __call__(self, step: Step) -> int:
        key = (step.event.id, step.line.role)
        number = self.get(key)
        if number is None:
            event = step.event
            way = (event.document, step.line.role, event.source, event.destination)
            number = self[key] = self.setdefault(way, len(self))
        return number


def natural_key(name: str) -> list:
    """Return a key that sorts numbers within names by value.

    >>> sorted(["S10", "S9", "S"], key=natural_key)
    ['S', 'S9', 'S10']
    """
    parts = _NUMBERS.split(name)
    return [int(part) if number % 2 else part for number, part in enumerate(parts)]


def build_graph(groups: Sequence[Group]) -> Graph:
    """Return the graph of ``groups``, without columns."""
    builder = _Builder()
    for document, parts in _by_document(groups).items():
        builder.add_document(document, parts)
    return builder.graph


def _by_document(groups):
    """Return ``{document: [(number of the group, group, its steps there)]}``.

    In the order in which the documents' first steps happened.
    """
    first: dict[Document, tuple] = {}
    parts: dict[Document, dict[int, list[Step]]] = defaultdict(dict)
    for number, group in enumerate(groups):
        for step in group.steps:
            document, order = step.event.document, step.event.order
            first[document] = min(first.get(document, order), order)
            parts[document].setdefault(number, []).append(step)
    return {
        document: [
            (number, groups[number], steps) for number, steps in parts[document].items()
        ]
        for document in sorted(first, key=first.__getitem__)
    }


class _Builder:
    """Adds documents in the order of time and knows where each group is by then."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.rounds: dict[int, int] = {}
        self.last: dict[int, str] = {}
        self.started: set[int] = set()

    def add_document(self, document: Document, parts) -> None:
        """Add a document, the ends of its movements and the edges between them."""
        number_of_round = max(self._round(*part) for part in parts)
        node = self._node(
            "document", number_of_round, _document_stage(parts), document, document
        )
        makes = any(_has_role(steps, "input") for _number, _group, steps in parts)
        for number, group, steps in parts:
            self._add_part(node, number, group, steps, makes=makes)

    def _round(self, number, group, steps) -> int:
        """Return the round that a document is in, as far as one group tells."""
        now = self.rounds.get(number, 0)
        back = group.is_serial and number in self.rounds and _from_outside(steps[0])
        return min(now + back, MAX_ROUND)

    def _add_part(self, node, number, group, steps, *, makes) -> None:
        """Add what one group did in the document ``node``."""
        before = self.rounds.get(number, node.round)
        made, used = _has_role(steps, "output"), _has_role(steps, "input")
        after = min(node.round + (made and makes), MAX_ROUND)
        self.rounds[number] = after
        if used:
            self._use_up(node, number, group, steps, before)
        elif made:
            self._make(node, number, group, steps, after)
        else:
            for step in steps:
                self._move(node, number, group, step, before)
                before = after

    def _move(self, node, number, group, step, before) -> None:
        """Add one movement: its source, its document, its destination."""
        source = step.event.source
        if number not in self.started and source.is_held:
            self._start(number, group, before, self._place(source, before, False))
        self._link(self._source(number, source, before, node), node, group, step)
        self._arrive(node, number, group, step, node.round)

    def _arrive(self, node, number, group, step, round_) -> None:
        """Add the way from a document to where the goods went."""
        source, destination = step.event.source, step.event.destination
        end = self._place(destination, round_, True)
        new = number not in self.started
        if new or not (group.is_serial or source.is_held or source.usage == "customer"):
            units = self._start(number, group, round_, end, step)
            self._link(node, units, group, step)
        else:
            self._link(node, end, group, step)
        self.last[number] = end.key

    def _use_up(self, node, number, group, steps, before) -> None:
        """Add the way of what the document used up: from where it last was."""
        moves = [step for step in steps if step.event.source is not None]
        for step in moves or steps[:1]:
            if moves:
                start = self._place(step.event.source, before, False)
                if number not in self.started:
                    self._start(number, group, before, start)
            else:
                start = self._last(number, group, before)
            self._link(start, node, group, step)

    def _make(self, node, number, group, steps, after) -> None:
        """Add the way of what the document made: to where it was put."""
        moves = [step for step in steps if step.event.source is not None]
        if not moves:
            self._link(node, self._units(number, group, after), group, steps[0])
        for step in moves:
            self._arrive(node, number, group, step, after)

    # ---- Nodes ----

    def _start(self, number, group, round_, place, step=None) -> Node:
        """Add the group's own box in front of the first place we know it at."""
        units = self._units(number, group, round_)
        self._link(units, place, group, step or group.steps[0])
        return units

    def _units(self, number, group, round_) -> Node:
        self.started.add(number)
        node = self._node("units", round_, _UNITS, number, tuple(group.lots))
        self.last.setdefault(number, node.key)
        return node

    def _last(self, number, group, round_) -> Node:
        if number in self.last:
            return self.graph.nodes[self.last[number]]
        return self._units(number, group, round_)

    def _source(self, number, place: Place, before: int, document: Node) -> Node:
        """Return where goods came from: the very box they went to, if they did."""
        end = self._place_key(place, before, _DESTINATION)
        if not place.is_held and end in self.graph.nodes and number in self.last:
            return self.graph.nodes[end]
        return self._place(place, before if place.is_held else document.round, False)

    def _place(self, place: Place, round_: int, is_end: bool) -> Node:
        stage = _INSIDE if place.is_held else _DESTINATION if is_end else _SOURCE
        kind = "partner" if place.partner_id else "place"
        return self._node(
            kind, round_, stage, self._place_key(place, round_, stage), place
        )

    @staticmethod
    def _place_key(place: Place, round_: int, stage: int) -> str:
        return f"{place.partner_id or ''}@{place.location_id}/{round_}.{stage}"

    def _node(self, kind, round_, stage, name, subject) -> Node:
        key = name if isinstance(name, str) else _key(kind, round_, name)
        return self.graph.nodes.setdefault(key, Node(key, kind, round_, stage, subject))

    def _link(self, source: Node, target: Node, group: Group, step: Step) -> None:
        """Count what the group carries along an edge."""
        flow = self.graph.edges.setdefault((source.key, target.key), Flow())
        if group.is_serial:
            flow.add(Flow(len(group.lots)))
        else:
            flow.add(Flow(0, {step.line.uom: step.line.quantity}))


def _key(kind, round_, name) -> str:
    if kind == "document":
        return f"{name.model},{name.id}"
    return f"units:{name}/{round_}"


def _has_role(steps: Sequence[Step], role: str) -> bool:
    return any(step.line.role == role for step in steps)


def _from_outside(step: Step) -> bool:
    return step.event.source is not None and not step.event.source.is_held


def _document_stage(parts) -> int:
    """Return in which column of its round a document stands."""
    steps = [step for _number, _group, steps in parts for step in steps]
    if _has_role(steps, "input"):
        return _OUTBOUND
    event = steps[0].event
    if event.source is None or not event.source.is_held:
        return _INBOUND
    return _INSIDE if event.destination.is_held else _OUTBOUND
