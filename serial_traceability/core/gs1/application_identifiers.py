"""The application identifiers (AIs) of GS1, as the table beside this module has them.

``application_identifiers.csv`` has one row for an AI or a range of them:

- ``flags``: F, the length is predefined and no FNC1 need follow; A, the AI may stand
  as a data attribute in a GS1 Digital Link.
- ``components``: one after the other, character set and length as ``n6`` or ``x1-20``,
  a ``?`` where the component may be missing, then its linters, each after a colon.
- ``requires``: sets of AIs of which at least one must be present, joined by ``+``.
- ``excludes``: AIs that may not be present. In both, ``n`` stands for any digit.
- ``primary_key``: filled where the AI can be the key of a GS1 Digital Link; the AIs
  that may qualify it, in order, or ``alone``; ``/`` parts alternatives.

Source: GS1 General Specifications §3; GS1 Digital Link Standard: URI Syntax §4.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .check_digit import is_digits

_TABLE_PATH = Path(__file__).with_name("application_identifiers.csv")
_COMPONENT = re.compile(r"([nxyz])(?:([0-9]+)-)?([0-9]+)(\??)((?::[a-z0-9]+)*)")
#: Value lengths of the AIs whose first two digits predefine them, also of those that
#: are not assigned (GS1 General Specifications §7.8.5, "predefined length").
_PREDEFINED_LENGTHS = {
    "00": 18,
    **dict.fromkeys(("01", "02", "03"), 14),
    "04": 16,
    **dict.fromkeys((str(number) for number in range(11, 20)), 6),
    "20": 2,
    **dict.fromkeys((str(number) for number in range(31, 37)), 6),
    "41": 13,
}
_UNKNOWN_MAX = 90
#: The shortest and the longest AI, in digits.
_AI_MIN, _AI_MAX = 2, 4


@dataclass(frozen=True, slots=True)
class Component:
    """One part of an AI's value.

    :param charset: ``n``, ``x``, ``y`` or ``z``, a key of :data:`.charsets.CHARSETS`.
    :param linters: names in :data:`.linters.LINTERS`.
    """

    charset: str
    minimum: int
    maximum: int
    optional: bool = False
    linters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """What holds for one AI; the module's docstring explains the terms.

    :param ai: its two to four digits; empty where an unknown AI and its value can only
        be told as one text, see :func:`find_ai_at`.
    :param title: GS1's data title, or an empty text.
    :param predefined: the length is predefined, no FNC1 need follow.
    :param dl_attribute: it may stand as a data attribute in a GS1 Digital Link.
    :param qualifiers: the alternatives of key qualifiers; empty for an AI that is no
        primary key, one empty alternative for a key without qualifiers.
    :param known: False for an AI that the table does not have.
    """

    ai: str
    title: str
    components: tuple[Component, ...]
    predefined: bool = False
    dl_attribute: bool = False
    requires: tuple[tuple[str, ...], ...] = ()
    excludes: tuple[str, ...] = ()
    qualifiers: tuple[tuple[str, ...], ...] = ()
    known: bool = True
    minimum: int = field(init=False)
    maximum: int = field(init=False)

    def __post_init__(self) -> None:
        minimum = sum(part.minimum for part in self.components if not part.optional)
        object.__setattr__(self, "minimum", minimum)
        object.__setattr__(
            self, "maximum", sum(part.maximum for part in self.components)
        )

    @property
    def primary_key(self) -> bool:
        """Whether it can be the primary key of a GS1 Digital Link."""
        return bool(self.qualifiers)

    @property
    def length(self) -> str:
        """The value's length in words."""
        if self.minimum == self.maximum:
            return f"{self.minimum} characters"
        return f"{self.minimum} to {self.maximum} characters"


def _read_component(text: str) -> Component:
    match = _COMPONENT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no component.")
    charset, minimum, maximum, optional, linters = match.groups()
    return Component(
        charset=charset,
        minimum=int(minimum or maximum),
        maximum=int(maximum),
        optional=bool(optional),
        linters=tuple(linters.split(":")[1:]),
    )


def _read_qualifiers(text: str) -> tuple[tuple[str, ...], ...]:
    if text == "alone":
        return ((),)
    return tuple(tuple(part.split()) for part in text.split("/")) if text else ()


def _expand(ais: str) -> Iterator[str]:
    """Yield each AI of ``ais``, one AI or a range.

    >>> list(_expand("3100-3102"))
    ['3100', '3101', '3102']
    """
    first, _, last = ais.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield f"{number:0{len(first)}d}"


def _read_row(row: dict[str, str]) -> Iterator[ApplicationIdentifier]:
    for ai in _expand(row["ai"]):
        yield ApplicationIdentifier(
            ai=ai,
            title=row["title"],
            components=tuple(map(_read_component, row["components"].split())),
            predefined="F" in row["flags"],
            dl_attribute="A" in row["flags"],
            requires=tuple(tuple(one.split("+")) for one in row["requires"].split()),
            excludes=tuple(row["excludes"].split()),
            qualifiers=_read_qualifiers(row["primary_key"]),
        )


def _read_table() -> dict[str, ApplicationIdentifier]:
    with _TABLE_PATH.open(encoding="utf-8", newline="") as table:
        entries = (entry for row in csv.DictReader(table) for entry in _read_row(row))
        return {entry.ai: entry for entry in entries}


#: Every assigned AI.
APPLICATION_IDENTIFIERS: dict[str, ApplicationIdentifier] = _read_table()
#: AIs with the same first two digits are equally long.
_AI_LENGTHS: dict[str, int] = {ai[:2]: len(ai) for ai in APPLICATION_IDENTIFIERS}


def find_ai(ai: str, *, unknown: bool = False) -> ApplicationIdentifier | None:
    """Return what holds for ``ai``, or None where there is no such AI.

    :param unknown: also return an entry for an AI that is not assigned, where its
        digits can be an AI at all: two to four, as many as others with the same first
        two digits have.

    >>> find_ai("21").title, find_ai("89"), find_ai("89", unknown=True).known
    ('SERIAL', None, False)
    >>> find_ai("80", unknown=True)
    """
    entry = APPLICATION_IDENTIFIERS.get(ai)
    if entry or not unknown or not is_digits(ai):
        return entry
    if not _AI_MIN <= len(ai) <= _AI_MAX:
        return None
    length = _AI_LENGTHS.get(ai[:2])
    return _unknown_entry(ai, length) if length in (None, len(ai)) else None


def find_ai_at(
    text: str, start: int, *, unknown: bool = False
) -> ApplicationIdentifier | None:
    """Return what holds for the AI that stands in ``text`` at ``start``, or None.

    :param unknown: as for :func:`find_ai`. Where no assigned AI has the same first two
        digits, nothing tells where an unknown one ends and its value starts: then the
        entry's ``ai`` is empty, and it is for both as one text.

    >>> find_ai_at("0109520001100017", 0).ai, find_ai_at("891234", 0)
    ('01', None)
    >>> find_ai_at("891234", 0, unknown=True).ai
    ''
    """
    prefix = text[start : start + 2]
    length = _AI_LENGTHS.get(prefix)
    if length is None:
        is_prefix = unknown and len(prefix) == _AI_MIN and is_digits(prefix)
        return _text_entry(prefix) if is_prefix else None
    ai = text[start : start + length]
    entry = APPLICATION_IDENTIFIERS.get(ai)
    if entry or not unknown or len(ai) != length or not is_digits(ai):
        return entry
    return _unknown_entry(ai, length)


def _unknown_entry(ai: str, length: int | None) -> ApplicationIdentifier:
    """Return an entry for an AI that is not assigned: any text of set 82.

    :param length: how long AIs with these first two digits are, None where there are
        none; then nothing tells whether their values have a predefined length.
    """
    predefined = _PREDEFINED_LENGTHS.get(ai[:2]) if length else None
    value = Component("x", predefined or 1, predefined or _UNKNOWN_MAX)
    return ApplicationIdentifier(
        ai=ai,
        title="",
        components=(value,),
        predefined=bool(predefined),
        known=False,
    )


def _text_entry(prefix: str) -> ApplicationIdentifier:
    """Return an entry for an unknown AI of unknown length together with its value.

    GS1 predefines the length of both together for some first two digits that are not
    assigned, too; elsewhere only a separator or the end of the text ends them.
    """
    value = _PREDEFINED_LENGTHS.get(prefix)
    minimum = len(prefix) + value if value else _AI_MIN + 1
    maximum = len(prefix) + value if value else _AI_MAX + _UNKNOWN_MAX
    return ApplicationIdentifier(
        ai="",
        title="",
        components=(Component("x", minimum, maximum),),
        predefined=bool(value),
        known=False,
    )
