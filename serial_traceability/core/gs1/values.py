"""Checks one value against what holds for its application identifier."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ..errors import Gs1Error
from .application_identifiers import (
    ApplicationIdentifier,
    Component,
    find_ai,
    find_ai_at,
)
from .charsets import CHARSETS, CSET_64, outsider_search
from .linters import LINTERS, Fault, Linter

#: As much of a value as a message quotes.
_QUOTED = 60
_outsiders = {
    letter: outsider_search(characters) for letter, (characters, _) in CHARSETS.items()
}
_outside_64 = outsider_search(CSET_64)


class _Check(NamedTuple):
    """A component's rules, ready to run."""

    minimum: int
    maximum: int
    optional: bool
    charset: Callable[[str], "Fault | None"]
    linters: tuple[Linter, ...]


def _charset_fault(letter: str) -> Callable[[str], Fault | None]:
    search: Callable[[str], re.Match[str] | None] = _outsiders[letter]
    expected = CHARSETS[letter][1]

    def fault(text: str) -> Fault | None:
        outsider = search(text)
        if outsider is None:
            return None
        return Fault("outside_charset", outsider.start(), expected)

    return fault


def cset64(text: str) -> Fault | None:
    """Check text of set 64, whose padding may be given or left out.

    Padding is one or two ``=`` that fill the text to a multiple of three characters.

    >>> cset64("ABC"), cset64("12="), cset64("123=").code, cset64("AB:C").position
    (None, None, 'invalid_padding', 2)
    """
    data = text.rstrip("=")
    padding = len(text) - len(data)
    if padding > 2 or (padding and len(text) % 3):
        return Fault("invalid_padding", len(data), "no padding, or the right one")
    outsider = _outside_64(data)
    if outsider is None:
        return None
    return Fault("outside_charset", outsider.start(), CHARSETS["z"][1])


def _compile(component: Component) -> _Check:
    return _Check(
        minimum=component.minimum,
        maximum=component.maximum,
        optional=component.optional,
        charset=cset64
        if component.charset == "z"
        else _charset_fault(component.charset),
        linters=tuple(LINTERS[name] for name in component.linters),
    )


class _Rules(NamedTuple):
    """An AI's rules, ready to run.

    :param form: matches characters and length of a whole value, all components.
    :param linters: each with the slice of the value that it checks.
    :param checks: the same component by component, to find out what is wrong.
    """

    form: Callable[[str], "re.Match[str] | None"]
    linters: tuple[tuple[Linter, slice], ...]
    checks: tuple[_Check, ...]


def _compile_rules(components: tuple[Component, ...]) -> _Rules:
    form, linters, start = "", [], 0
    for part in components:
        characters = f"[{re.escape(CHARSETS[part.charset][0])}]"
        option = "?" if part.optional else ""
        if part.charset == "z":
            linters.append((cset64, slice(start, None)))
            characters = "."
        form += f"(?:{characters}{{{part.minimum},{part.maximum}}}){option}"
        stop = start + part.maximum
        linters += [(LINTERS[name], slice(start, stop)) for name in part.linters]
        start = stop
    return _Rules(
        form=re.compile(form, re.DOTALL).fullmatch,
        linters=tuple(linters),
        checks=tuple(map(_compile, components)),
    )


_unknown_rules = lru_cache(maxsize=64)(_compile_rules)
#: The rules by AI: hashing components costs more than checking a serial.
_RULES: dict[str, _Rules] = {}


def _rules(entry: ApplicationIdentifier) -> _Rules:
    if not entry.known:
        return _unknown_rules(entry.components)
    rules = _RULES.get(entry.ai)
    if rules is None:
        rules = _RULES[entry.ai] = _compile_rules(entry.components)
    return rules


def value_fault(entry: ApplicationIdentifier, value: str) -> Fault | None:
    """Return what is wrong with ``value``, or None.

    :return: a fault whose position counts in ``value``.

    >>> value_fault(find_ai("17"), "261301").code, value_fault(find_ai("10"), "B17A")
    ('illegal_month', None)
    """
    rules = _rules(entry)
    if rules.form(value):
        for linter, part in rules.linters:
            text = value[part]
            if text and linter(text):
                break
        else:
            return None
    return _find_fault(entry, value, rules.checks)


def _find_fault(
    entry: ApplicationIdentifier, value: str, checks: tuple[_Check, ...]
) -> Fault | None:
    """Return the first fault of a value, component by component."""
    length = len(value)
    if not entry.minimum <= length <= entry.maximum:
        return _length_fault(entry, length)
    start = 0
    for check in checks:
        part = value[start : start + check.maximum]
        if not part and check.optional:
            continue
        fault = _part_fault(check, part)
        if fault:
            return fault._replace(position=start + fault.position)
        start += len(part)
    return None


def _part_fault(check: _Check, part: str) -> Fault | None:
    if len(part) < check.minimum:
        return Fault("value_too_short", len(part), f"{check.minimum} characters here")
    fault = check.charset(part)
    if fault:
        return fault
    for linter in check.linters:
        fault = linter(part)
        if fault:
            return fault
    return None


def _length_fault(entry: ApplicationIdentifier, length: int) -> Fault:
    if not length:
        return Fault("value_empty", 0, entry.length)
    if length < entry.minimum:
        return Fault("value_too_short", length, entry.length)
    expected = entry.length
    if not entry.predefined:
        expected += "; a separator (FNC1) may be missing"
    return Fault("value_too_long", entry.maximum, expected)


def value_error(
    entry: ApplicationIdentifier, value: str, fault: Fault, position: int
) -> Gs1Error:
    """Return the error that says what is wrong with a value.

    :param position: where the value starts in the text that was given.
    """
    name = f"({entry.ai}) {entry.title}".rstrip() if entry.ai else "Unknown AI"
    quoted = value if len(value) <= _QUOTED else value[:_QUOTED] + "..."
    at = position + fault.position
    return Gs1Error(
        f"{name}: {quoted!r} is wrong at character {at + 1} "
        f"({fault.code.replace('_', ' ')}); expected: {fault.expected}.",
        code=fault.code,
        value=value,
        expected=fault.expected,
        position=at,
    )


def check_value(ai: str, value: str, *, strict: bool = True) -> None:
    """Refuse a value that does not fit its application identifier.

    :param ai: empty for the text that lenient parsing keeps of an unknown AI.
    :param strict: refuse AIs that are not assigned.
    :raises Gs1Error: where there is no such AI (code ``unknown_ai``) or the value does
        not fit it.

    >>> check_value("21", "32a/b")
    """
    if ai or strict:
        entry = find_ai(ai, unknown=not strict)
    else:
        entry = find_ai_at(value, 0, unknown=True)
    if entry is None or entry.ai != ai:
        raise unknown_ai_error(ai or value, 0)
    fault = value_fault(entry, value)
    if fault:
        raise value_error(entry, value, fault, 0)


def unknown_ai_error(ai: str, position: int) -> Gs1Error:
    """Return the error that says that there is no such application identifier."""
    quoted = ai if len(ai) <= _QUOTED else ai[:_QUOTED] + "..."
    return Gs1Error(
        f"{quoted!r} at character {position + 1} is no GS1 application identifier.",
        code="unknown_ai",
        value=ai,
        expected="an application identifier",
        position=position,
    )
