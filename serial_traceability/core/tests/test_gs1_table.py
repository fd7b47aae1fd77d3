"""The table of application identifiers, by itself and against GS1's own."""

import re
from pathlib import Path

import pytest

from serial_traceability.core.gs1 import (
    APPLICATION_IDENTIFIERS,
    LINTERS,
    ApplicationIdentifier,
    Component,
    find_ai,
)
from serial_traceability.core.gs1.application_identifiers import find_ai_at
from serial_traceability.core.gs1.charsets import CHARSETS

REFERENCE = (
    Path(__file__).resolve().parents[4]
    / "shared/reference/gs1/syntax-dictionary/gs1-syntax-dictionary.txt"
)
COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?([0-9]+)\]?((?:,[a-z0-9]+)*)")


def read_reference() -> dict[str, ApplicationIdentifier]:
    """Return the entries of GS1's dictionary, by AI."""
    if not REFERENCE.exists():
        pytest.skip(f"GS1's Syntax Dictionary is not at hand at {REFERENCE}")
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    rows = (line for line in lines if line.strip() and not line.startswith("#"))
    return {entry.ai: entry for row in rows for entry in read_row(row)}


def read_row(row: str) -> list[ApplicationIdentifier]:
    """Return the entries of one line."""
    left, _, title = row.partition(" # ")
    ais, *words = left.split()
    flags = words.pop(0) if set(words[0]) <= set("*?") else ""
    components = [word for word in words if COMPONENT.fullmatch(word)]
    attributes = [word.partition("=") for word in words[len(components) :]]
    values = {name: value for name, _, value in attributes}
    assert len(values) == len(attributes), row
    assert values.keys() <= {"req", "ex", "dlpkey"}, row
    first, _, last = ais.partition("-")
    return [
        ApplicationIdentifier(
            ai=f"{number:0{len(first)}d}",
            title=title.strip(),
            components=tuple(map(read_component, components)),
            predefined="*" in flags,
            dl_attribute="?" in flags,
            requires=tuple(
                tuple(group.split("+")) for group in split(values.get("req"), ",")
            ),
            excludes=split(values.get("ex"), ","),
            qualifiers=read_key(values.get("dlpkey")),
        )
        for number in range(int(first), int(last or first) + 1)
    ]


def split(text: str | None, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator)) if text else ()


def read_key(text: str | None) -> tuple[tuple[str, ...], ...]:
    if text is None:
        return ()
    return tuple(split(one, ",") for one in text.split("|"))


def read_component(text: str) -> Component:
    match = COMPONENT.fullmatch(text)
    assert match
    option, charset, variable, length, linters = match.groups()
    return Component(
        charset=charset.lower(),
        minimum=1 if variable else int(length),
        maximum=int(length),
        optional=bool(option),
        linters=tuple(linters.split(",")[1:]),
    )


def test_every_row_is_that_of_gs1():
    reference = read_reference()
    assert APPLICATION_IDENTIFIERS.keys() == reference.keys()
    for ai, entry in reference.items():
        assert APPLICATION_IDENTIFIERS[ai] == entry


def test_there_are_541_application_identifiers():
    assert len(APPLICATION_IDENTIFIERS) == 541


def test_every_linter_and_character_set_of_the_table_exists():
    parts = [
        part for one in APPLICATION_IDENTIFIERS.values() for part in one.components
    ]
    assert {part.charset for part in parts} == CHARSETS.keys()
    assert {name for part in parts for name in part.linters} == LINTERS.keys()


def test_only_the_last_component_varies_in_length():
    for entry in APPLICATION_IDENTIFIERS.values():
        assert all(part.minimum == part.maximum for part in entry.components[:-1])


def test_a_predefined_length_is_fixed():
    for entry in APPLICATION_IDENTIFIERS.values():
        if entry.predefined:
            assert entry.minimum == entry.maximum


def test_the_first_two_digits_tell_the_length_of_an_ai():
    lengths: dict[str, int] = {}
    for ai in APPLICATION_IDENTIFIERS:
        assert lengths.setdefault(ai[:2], len(ai)) == len(ai)


def test_associations_name_ais_that_exist():
    for entry in APPLICATION_IDENTIFIERS.values():
        named = [ai for group in entry.requires for ai in group]
        for pattern in (*named, *entry.excludes):
            digits = pattern.rstrip("n")
            assert any(
                len(ai) == len(pattern) and ai.startswith(digits)
                for ai in APPLICATION_IDENTIFIERS
            ), f"({entry.ai}) names {pattern}"


@pytest.mark.parametrize("ai", ["89", "899", "8999", "236", "3999", "419"])
def test_an_ai_that_is_not_assigned_is_found_only_when_asked_for(ai):
    assert find_ai(ai) is None
    entry = find_ai(ai, unknown=True)
    assert entry.ai == ai and not entry.known


@pytest.mark.parametrize(
    "ai", ["", "8", "80", "800", "011", "399", "2367", "4199", "12345", "8x", "²¹"]
)
def test_what_cannot_be_an_ai_is_never_found(ai):
    assert find_ai(ai, unknown=True) is None


def test_the_length_of_an_unknown_value_is_predefined_by_the_first_two_digits():
    assert find_ai("419", unknown=True).predefined
    assert find_ai("419", unknown=True).maximum == 13
    assert not find_ai("236", unknown=True).predefined


def test_in_running_text_an_unknown_ai_of_unknown_length_is_one_with_its_value():
    assert find_ai_at("8299ABC", 0, unknown=True).ai == "8299"
    assert find_ai_at("8299ABC", 0) is None
    entry = find_ai_at("891234", 0, unknown=True)
    assert (entry.ai, entry.known, entry.minimum, entry.maximum) == ("", False, 3, 94)
    assert find_ai_at("8912", 0) is None
    assert find_ai_at("8A12", 0, unknown=True) is None
    assert find_ai_at("82", 0, unknown=True) is None
