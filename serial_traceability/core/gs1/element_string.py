"""Element strings as symbols carry them: AIs and values with FNC1 between.

Source: GS1 General Specifications §7.8 (processing of GS1 element strings).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..errors import Gs1Error
from .application_identifiers import find_ai, find_ai_at
from .associations import check_associations
from .message import Element, Elements, ElementString, Source, pairs
from .values import check_value, unknown_ai_error, value_error, value_fault

#: The group separator, as which readers transmit FNC1.
GS = "\x1d"
#: What keyboard wedges send in its place. Each contains a character that no value may
#: have, so that none of them can be a part of a value.
DEFAULT_SEPARATORS = (
    GS,
    "\u241d",
    "{GS}",
    "[GS]",
    "{FNC1}",
    "[FNC1]",
    "\\x1d",
    "\\x1D",
    "\\u001d",
    "\\u001D",
)
#: Further stand-ins, for readers that are known to send them: ``<GS>`` and the like
#: could be a part of a value.
WEDGE_SEPARATORS = (
    *DEFAULT_SEPARATORS,
    "<GS>",
    "<FNC1>",
    "^]",
    "^",
    "|",
    "~",
    "#",
    "@",
)
#: Symbology identifiers that announce an element string: GS1-128, GS1 DataMatrix,
#: GS1 QR Code, GS1 DotCode, GS1 DataBar and composite symbols.
GS1_SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]J1", "]e0")


@lru_cache(maxsize=32)
def separator_pattern(separators: tuple[str, ...]) -> "re.Pattern[str]":
    """Return a pattern that finds any of ``separators``, the longest first.

    :raises ValueError: where there is none, or an empty one.

    >>> separator_pattern(("^", "^]")).sub("/", "10A^]21B^")
    '10A/21B/'
    """
    if not separators or "" in separators:
        raise ValueError("Name at least one separator, and no empty one.")
    longest_first = sorted(separators, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


_DEFAULT_PATTERN = separator_pattern(DEFAULT_SEPARATORS)


def parse_element_string(
    text: str,
    *,
    separators: Sequence[str] = DEFAULT_SEPARATORS,
    strict: bool = True,
    required: bool = True,
) -> ElementString:
    r"""Read an element string.

    :param text: with or without one of :data:`GS1_SYMBOLOGIES` before it, and with or
        without a separator before the first AI.
    :param separators: what stands for FNC1.
    :param strict: refuse AIs that are not assigned. Otherwise keep them, and
        ``unknown`` of the result names them: with AI and value where the first two
        digits tell how long the AI is, else as one text with an empty AI, up to the
        next separator.
    :param required: refuse an AI without those it needs. False where other symbols of
        the same item may have them.
    :return: elements with their positions in ``text``.
    :raises Gs1Error: where anything is wrong; ``position`` says where.

    >>> scan = parse_element_string("]d2010952000110001721A1\x1d10B17A")
    >>> scan.gtin, scan.serial, scan.batch, scan.symbology_identifier
    ('09520001100017', 'A1', 'B17A', ']d2')
    """
    identifier = text[:3] if text.startswith(GS1_SYMBOLOGIES) else ""
    elements = read_elements(
        text, len(identifier), separators=separators, unknown=not strict
    )
    check_associations(elements, required=required)
    return ElementString(elements, Source.ELEMENT_STRING, identifier, text)


def read_elements(
    text: str, start: int, *, separators: Sequence[str], unknown: bool
) -> tuple[Element, ...]:
    """Return the elements that stand in ``text`` from ``start``.

    :raises Gs1Error: where a value does not fit its AI, or there is none.
    """
    if separators is DEFAULT_SEPARATORS:
        pattern = _DEFAULT_PATTERN
    else:
        pattern = separator_pattern(tuple(separators))
    leading = pattern.match(text, start)
    first = leading.end() if leading else start
    elements: list[Element] = []
    for at, end in _fields(text, first, pattern):
        if at == end:
            raise _no_element_error(text, at)
        while at < end:
            element, at = _read_element(text, at, end, unknown=unknown)
            elements.append(element)
    if not elements:
        raise _no_element_error(text, first)
    return tuple(elements)


def _fields(
    text: str, start: int, pattern: "re.Pattern[str]"
) -> Iterator[tuple[int, int]]:
    """Yield where each part between separators starts and ends.

    A separator at the very end is tolerated.
    """
    for match in pattern.finditer(text, start):
        yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _read_element(
    text: str, at: int, end: int, *, unknown: bool
) -> tuple[Element, int]:
    """Return the element at ``at``, before ``end``, and where the next one starts.

    Only a predefined length ends a value before the separator: text that is too long
    is never taken apart.
    """
    entry = find_ai_at(text, at, unknown=unknown)
    if entry is None:
        raise unknown_ai_error(text[at : min(at + 4, end)], at)
    start = at + len(entry.ai)
    stop = min(start + entry.maximum, end) if entry.predefined else end
    value = text[start:stop]
    fault = value_fault(entry, value)
    if fault:
        raise value_error(entry, value, fault, start)
    return Element(entry.ai, value, start), stop


def _no_element_error(text: str, position: int) -> Gs1Error:
    return Gs1Error(
        f"No application identifier stands at character {position + 1}.",
        code="no_element",
        value=text[:60],
        expected="an application identifier",
        position=position,
    )


def build_element_string(
    elements: Elements,
    *,
    symbology_identifier: str = "",
    separator: str = GS,
    strict: bool = True,
    required: bool = True,
) -> str:
    r"""Return the element string of ``elements``, in their order.

    :param symbology_identifier: to write before it, as ``]d2``.
    :param separator: what to write for FNC1; none stands before the first AI or after
        the last value.
    :param strict: as for :func:`parse_element_string`; what that keeps as text with an
        empty AI is written as it stood.
    :param required: likewise.
    :raises Gs1Error: where a value does not fit its AI, or AIs do not go together.

    >>> elements = [("01", "09520001100017"), ("21", "A1"), ("10", "B17A")]
    >>> build_element_string(elements, symbology_identifier="]d2")
    ']d2010952000110001721A1\x1d10B17A'
    """
    checked = checked_pairs(elements, strict=strict, required=required, texts=True)
    parts = [symbology_identifier]
    for index, (ai, value) in enumerate(checked, start=1):
        entry = find_ai(ai, unknown=True)
        last = index == len(checked)
        ends_itself = last or (entry is not None and entry.predefined)
        parts.append(ai + value + ("" if ends_itself else separator))
    return "".join(parts)


def checked_pairs(
    elements: Elements, *, strict: bool, required: bool, texts: bool = False
) -> list[tuple[str, str]]:
    """Return AI and value of each element, once all of them are found right.

    :param texts: let pass what lenient parsing keeps as text with an empty AI.
    :raises Gs1Error: where there is none, a value does not fit its AI, or AIs do not go
        together.
    """
    checked = pairs(elements)
    if not checked:
        raise _no_element_error("", 0)
    for ai, value in checked:
        if not ai and not texts:
            raise unknown_ai_error(value, 0)
        check_value(ai, value, strict=strict)
    check_associations([Element(*pair) for pair in checked], required=required)
    return checked
