"""Which rows of the ledger belong to a trace: direction, corrections, links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .rows import Document, Step, TraceEvent, TraceLine

Direction = Literal["back", "forward", "both"]
#: Roles of lines that tell of a movement; the other two link lots.
_MOVED = ("unit", "quantity")
_LINKS = {"back": ("output", "input"), "forward": ("input", "output")}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is traced.

    :param lots: ids of the serials and lots.
    :param document: the transfer through which they are seen, where one is traced:
        what came before it is where they are from, what came after where they went.
    """

    lots: frozenset[int]
    document: Document | None = None


def without_undone(
    lines: Iterable[TraceLine], events: Mapping[int, TraceEvent]
) -> list[TraceLine]:
    """Return ``lines`` without those that a correction took back, nor that taking back.

    :param lines: in any order.
    :param events: by id, all that ``lines`` refer to.
    """
    if not any(event.is_undo for event in events.values()):
        return list(lines)
    kept: dict[tuple, list[TraceLine]] = {}
    for number, line in enumerate(sorted(lines, key=lambda line: line.event_id)):
        key = (line.move_line_id or -1 - number, line.lot_id)
        if events[line.event_id].is_undo:
            kept.pop(key, None)
        else:
            kept.setdefault(key, []).append(line)
    return [line for group in kept.values() for line in group]


def select(
    lines: Iterable[TraceLine],
    events: Mapping[int, TraceEvent],
    subject: Subject,
    direction: Direction = "both",
) -> list[Step]:
    """Return the steps of a trace, each once, in the order in which they happened.

    ``lines`` may hold more than belongs to the trace: everything the ledger tells of
    the subject's lots and of the lots they were made from and built into.

    :param lines: in any order.
    :param events: by id, all that ``lines`` refer to.
    """
    selection = _Selection(without_undone(lines, events), events)
    directions = ("back", "forward") if direction == "both" else (direction,)
    # By identity: comparing whole steps costs more than all the rest.
    found = {
        id(step): step for way in directions for step in selection.follow(subject, way)
    }
    rank = selection.rank
    return sorted(
        found.values(), key=lambda step: (rank[step.event.id], step.line.lot_id)
    )


class _Selection:
    """Steps by lot and by event, in order, and the walk from one lot to the next."""

    def __init__(self, lines, events) -> None:
        self.by_lot: dict[int, list[Step]] = defaultdict(list)
        self.by_event: dict[int, list[Step]] = defaultdict(list)
        in_order = sorted(events.values(), key=lambda event: event.order)
        self.rank = {event.id: number for number, event in enumerate(in_order)}
        for line in sorted(lines, key=lambda line: self.rank[line.event_id]):
            step = Step(line, events[line.event_id])
            self.by_lot[line.lot_id].append(step)
            if line.role in ("input", "output"):
                self.by_event[line.event_id].append(step)

    def follow(self, subject: Subject, way: str) -> list[Step]:
        """Return the steps that lead ``way`` from the subject, over all links.

        A lot that is reached twice is walked once, so that a cycle ends.
        """
        found: list[Step] = []
        seen = set(subject.lots)
        todo = [
            _part(self.by_lot[lot], subject, way)
            for lot in subject.lots
            if lot in self.by_lot
        ]
        while todo:
            steps = todo.pop()
            found += steps
            for lot, link in self._linked(steps, way):
                if lot not in seen:
                    seen.add(lot)
                    todo.append(_beyond(self.by_lot[lot], link, way))
        return found

    def _linked(self, steps, way):
        """Return ``(lot, link event)`` of the lots on the other side of links."""
        here, there = _LINKS[way]
        return [
            (other.line.lot_id, other.event)
            for step in steps
            if step.line.role == here
            for other in self.by_event[step.line.event_id]
            if other.line.role == there
        ]


def _part(steps: Sequence[Step], subject: Subject, way: str) -> list[Step]:
    """Return the steps of one of the subject's own lots that lead ``way``."""
    if subject.document is None:
        return _from_lot(steps, way)
    if _is_quantity(steps):
        return _through_places(steps, subject.document, way)
    return _around_document(steps, subject.document, way)


def _from_lot(steps: Sequence[Step], way: str) -> list[Step]:
    """Split a lot's history: how it came to us, and everything after."""
    is_serial = not _is_quantity(steps)
    return [
        step
        for number, step in enumerate(steps)
        if _leads(step, way, is_first=is_serial and not number)
    ]


def _is_quantity(steps: Sequence[Step]) -> bool:
    roles = (step.line.role for step in steps)
    return next((role for role in roles if role in _MOVED), None) == "quantity"


def _leads(step: Step, way: str, *, is_first: bool) -> bool:
    if step.line.role in ("input", "output"):
        return (step.line.role == "output") == (way == "back")
    source, destination = step.event.source, step.event.destination
    came = is_first or not (source.is_held or source.usage == "customer")
    if way == "back":
        return came
    return not came or not destination.is_held


def _around_document(steps: Sequence[Step], document, way: str) -> list[Step]:
    """Return a serial's steps up to, or from, its steps in ``document``."""
    at = [n for n, step in enumerate(steps) if step.event.document == document]
    if not at:
        return []
    return list(steps[: at[-1] + 1] if way == "back" else steps[at[0] :])


def _through_places(steps: Sequence[Step], document, way: str) -> list[Step]:
    """Return a lot's steps that goods of ``document`` may have taken.

    Goods of a lot cannot be told apart, so a step belongs where it starts at a place
    that they reached before (or, backwards, ends at one that they left after). What a
    document used up or made belongs where a movement of that document does.
    """
    reached: set[tuple] = set()
    moved: set[int] = set()
    told: set[Document] = set()
    for step in steps if way == "forward" else reversed(steps):
        if step.event.source is None:
            continue
        start, end = _ends(step.event, way)
        if step.event.document == document or start.key in reached:
            moved.add(step.event.id)
            told.add(step.event.document)
            reached.add(end.key)
    return [
        step
        for step in steps
        if step.event.id in moved
        or (step.event.source is None and step.event.document in told)
    ]


def _ends(event: TraceEvent, way: str):
    ends = event.source, event.destination
    return ends if way == "forward" else ends[::-1]


def _beyond(steps: Sequence[Step], link: TraceEvent, way: str) -> list[Step]:
    """Return the steps of a linked lot on its side of the link.

    What was used up: how it came to the link, not where the rest of it went. What was
    made: everything since.
    """
    if way == "forward":
        return [step for step in steps if step.event.order >= link.order]
    return [
        step
        for step in steps
        if step.event.order <= link.order
        and (step.event.document == link.document or not _leaves(step))
    ]


def _leaves(step: Step) -> bool:
    event = step.event
    return (
        event.source is not None
        and event.source.is_held
        and not event.destination.is_held
    )
