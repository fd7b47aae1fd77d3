"""Which application identifiers need, exclude and repeat one another.

Source: GS1 General Specifications §4.13 (data relationships), AI 8030.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..errors import Gs1Error
from .application_identifiers import APPLICATION_IDENTIFIERS
from .message import Element

_SIGNATURE = "8030"
#: Keys whose serial part may be left out; a signature needs it.
_SERIALISED_KEYS = ("253", "255", "8003")


def check_associations(elements: Sequence[Element], *, required: bool = True) -> None:
    """Refuse a message whose elements do not go together.

    :param elements: the message's elements; those of several symbols on one item make
        up one message.
    :param required: False where the message may be a part of a larger one, so that
        what an element needs may stand in another symbol.
    :raises Gs1Error: with code ``repeated_ai``, ``excluded_ai``, ``required_ai`` or
        ``serial_missing``.

    >>> check_associations([Element("01", "09520001100017"), Element("21", "A1")])
    """
    ais = tuple(element.ai for element in elements)
    if len(set(ais)) < len(ais):
        _check_repeated(elements)
    conflict = _find_conflict(ais, required)
    if conflict:
        raise _error(elements[conflict.index], *conflict[1:])
    if _SIGNATURE in ais:
        _check_signature(elements)


class _Conflict(NamedTuple):
    """Which element, by its index, does not go together with the others, and why."""

    index: int
    code: str
    what: str
    expected: str


@lru_cache(maxsize=1024)
def _find_conflict(ais: tuple[str, ...], required: bool) -> _Conflict | None:
    """Return the first conflict among AIs; most symbols of a delivery have the same."""
    present = frozenset(ais)
    for index, ai in enumerate(ais):
        entry = APPLICATION_IDENTIFIERS.get(ai)
        if entry is None:
            continue
        conflict = _find_excluded(index, ai, entry.excludes, present)
        if not conflict and required and entry.requires:
            conflict = _find_required(index, ai, entry.requires, present)
        if conflict:
            return conflict
    return None


def _matches(pattern: str, present: frozenset[str], own: str = "") -> str:
    """Return an AI in ``present`` that fits ``pattern``, but not ``own``.

    >>> _matches("39nn", frozenset(("392", "3921"))), _matches("01", frozenset())
    ('3921', '')
    """
    if pattern in present:
        return pattern if pattern != own else ""
    if not pattern.endswith("n"):
        return ""
    prefix = pattern.rstrip("n")
    fitting = (
        ai
        for ai in sorted(present)
        if len(ai) == len(pattern) and ai.startswith(prefix) and ai != own
    )
    return next(fitting, "")


def _check_repeated(elements: Sequence[Element]) -> None:
    values: dict[str, str] = {}
    for element in elements:
        if not element.ai:
            continue
        first = values.setdefault(element.ai, element.value)
        if first != element.value:
            raise _error(
                element,
                "repeated_ai",
                f"({element.ai}) stands twice, as {first!r} and {element.value!r}",
                "the same value",
            )


def _find_excluded(
    index: int, ai: str, excludes: tuple[str, ...], present: frozenset[str]
) -> _Conflict | None:
    for pattern in excludes:
        other = _matches(pattern, present, ai)
        if other:
            what = f"({ai}) and ({other}) may not stand together"
            return _Conflict(index, "excluded_ai", what, f"({ai}) without ({other})")
    return None


def _find_required(
    index: int, ai: str, requires: tuple[tuple[str, ...], ...], present: frozenset[str]
) -> _Conflict | None:
    for group in requires:
        if all(_matches(pattern, present, ai) for pattern in group):
            return None
    groups = " or ".join(
        " with ".join(f"({pattern})" for pattern in group) for group in requires
    )
    what = f"({ai}) may not stand alone"
    return _Conflict(index, "required_ai", what, f"({ai}) together with {groups}")


def _check_signature(elements: Sequence[Element]) -> None:
    for element in elements:
        if element.ai not in _SERIALISED_KEYS:
            continue
        if len(element.value) == APPLICATION_IDENTIFIERS[element.ai].minimum:
            raise _error(
                element,
                "serial_missing",
                f"({element.ai}) has no serial, which ({_SIGNATURE}) needs",
                f"({element.ai}) with its serial",
            )


def _error(element: Element, code: str, what: str, expected: str) -> Gs1Error:
    return Gs1Error(
        f"{what}; expected: {expected}.",
        code=code,
        value=element.value,
        expected=expected,
        position=element.position,
    )
