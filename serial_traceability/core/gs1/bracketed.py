r"""Element strings as people write them: AIs in brackets.

A bracket that belongs to a value is written after a backslash: ``(21)A\(1``. A ``|``
stands between the linear and the two-dimensional part of a composite symbol.
"""

import re

from ..errors import Gs1Error
from .application_identifiers import find_ai
from .associations import check_associations
from .element_string import checked_pairs
from .message import Element, Elements, ElementString, Source
from .values import unknown_ai_error, value_error, value_fault

_VALUE = re.compile(r"(?:\\\(|[^(|])*")
_CHARACTER = re.compile(r"\\\(|.", re.DOTALL)
_SPACES = re.compile(r"\s*")


def parse_bracketed(
    text: str, *, strict: bool = True, required: bool = True
) -> ElementString:
    r"""Read a bracketed element string.

    :param strict: refuse AIs that are not assigned, and spaces around values. Otherwise
        ``unknown`` of the result names such AIs: the bracket tells how long they are.
    :param required: refuse an AI without those it needs.
    :return: elements with their positions in ``text``.
    :raises Gs1Error: where anything is wrong; ``position`` says where.

    >>> parse_bracketed(r"(01)09520001100017(21)A\(1").serial
    'A(1'
    """
    elements: list[Element] = []
    at = 0
    while at < len(text):
        if text[at] == "|" and elements:
            at += 1
        element, at = _read_element(text, at, strict=strict)
        elements.append(element)
    if not elements:
        raise _bracket_error(text, 0)
    check_associations(elements, required=required)
    return ElementString(tuple(elements), Source.BRACKETED, "", text)


def _read_element(text: str, at: int, *, strict: bool) -> tuple[Element, int]:
    """Return the element at ``at`` and where the next one starts."""
    if not strict:
        at = _skip_spaces(text, at)
    close = text.find(")", at)
    if not text.startswith("(", at) or close < 0:
        raise _bracket_error(text, at)
    ai = text[at + 1 : close]
    entry = find_ai(ai, unknown=not strict)
    if entry is None:
        raise unknown_ai_error(ai, at + 1)
    start = close + 1 if strict else _skip_spaces(text, close + 1)
    match = _VALUE.match(text, start)
    raw = match[0] if match else ""
    value = raw.replace("\\(", "(")
    if not strict:
        value = value.rstrip()
    fault = value_fault(entry, value)
    if fault:
        fault = fault._replace(position=written_offset(_CHARACTER, raw, fault.position))
        raise value_error(entry, value, fault, start)
    return Element(ai, value, start), start + len(raw)


def _skip_spaces(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return match.end() if match else at


def written_offset(character: "re.Pattern[str]", raw: str, index: int) -> int:
    r"""Return where in ``raw`` character number ``index`` of the value is written.

    :param character: matches one character as it is written.

    >>> written_offset(_CHARACTER, r"A\(1", 2)
    3
    """
    for number, match in enumerate(character.finditer(raw)):
        if number == index:
            return match.start()
    return len(raw)


def _bracket_error(text: str, position: int) -> Gs1Error:
    return Gs1Error(
        f"No application identifier in brackets stands at character {position + 1}.",
        code="no_element",
        value=text[:60],
        expected="an application identifier in brackets, as (01)",
        position=position,
    )


def build_bracketed(
    elements: Elements,
    *,
    escaped: str = "(",
    strict: bool = True,
    required: bool = True,
) -> str:
    r"""Return ``elements`` as a bracketed element string.

    :param escaped: the characters of values to write a backslash before; some symbol
        encoders want both brackets.
    :param strict: refuse AIs that are not assigned.
    :param required: refuse an AI without those it needs.
    :raises Gs1Error: where a value does not fit its AI, AIs do not go together, or a
        text has no AI that could stand in brackets.

    >>> print(build_bracketed([("01", "09520001100017"), ("21", "A(1)")]))
    (01)09520001100017(21)A\(1)
    """
    return "".join(
        f"({ai}){_escape(value, escaped)}"
        for ai, value in checked_pairs(elements, strict=strict, required=required)
    )


def _escape(value: str, escaped: str) -> str:
    return "".join("\\" + one if one in escaped else one for one in value)


def build_hri(
    elements: Elements, *, titles: bool = False, space: str = "", strict: bool = True
) -> list[str]:
    """Return the human-readable interpretation, one line an element.

    :param titles: write GS1's data title before each AI.
    :param space: what to write between AI and value.
    :param strict: refuse AIs that are not assigned; what lenient parsing kept as text
        with an empty AI has a line as it stood.
    :raises Gs1Error: where a value does not fit its AI.

    Source: GS1 General Specifications §4.14.

    >>> elements = [("01", "09520001100017"), ("10", "B17A")]
    >>> build_hri(elements), build_hri(elements, titles=True, space=" ")[1]
    (['(01)09520001100017', '(10)B17A'], 'BATCH/LOT (10) B17A')
    """
    lines = []
    given = checked_pairs(elements, strict=strict, required=False, texts=True)
    for ai, value in given:
        entry = find_ai(ai)
        title = f"{entry.title} " if titles and entry and entry.title else ""
        lines.append(f"{title}({ai}){space}{value}" if ai else value)
    return lines
