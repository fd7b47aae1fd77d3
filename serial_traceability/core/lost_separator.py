"""Reads units out of symbols whose group separators got lost on the way.

A scanner that is set up wrongly types nothing for the separator behind a value of
variable length, so that a batch and a serial run into each other. What is then read
is one of few possibilities, and which one is right only the known serials tell.
"""

import re
from dataclasses import dataclass

from .gs1.check_digit import has_valid_check_digit
from .identity import is_gs1_serial

# A GTIN (AI 01) and what follows it, behind a symbology identifier or none.
_UNIT = re.compile(r"(?:\][A-Za-z]\d)?01(\d{14})(.{3,})", re.DOTALL)
#: Application identifiers that labels of goods carry beside GTIN and serial.
_OTHER_AI = re.compile(r"1[0-7]|2[0-4]|3[0-9]|4[0-9]|7[0-9]|9[0-9]")
_SERIAL_AI = "21"
_TEXT_LIMIT = 120


@dataclass(frozen=True, slots=True)
class LostUnit:
    """What a symbol without separators may say.

    :param gtin: 14 digits, checked.
    :param serials: every serial number that it may name.
    """

    gtin: str
    serials: frozenset[str]


def possible_units(text: str) -> LostUnit | None:
    """Return what ``text`` may say, None where it names no unit in any reading.

    >>> unit = possible_units("010952000110001721SN110B7")
    >>> unit.gtin, sorted(unit.serials)
    ('09520001100017', ['SN', 'SN1', 'SN110B7'])
    >>> sorted(possible_units("010952000110001710B721SN1").serials)
    ['SN1']
    >>> possible_units("SN1") is None
    True
    """
    found = _UNIT.fullmatch(text[:_TEXT_LIMIT])
    if not found or not has_valid_check_digit(found[1]):
        return None
    rest = found[2]
    starts = [
        at + len(_SERIAL_AI)
        for at in range(len(rest))
        if rest.startswith(_SERIAL_AI, at)
    ]
    serials = frozenset(serial for start in starts for serial in _serials(rest[start:]))
    return LostUnit(found[1], serials) if serials else None


def _serials(tail: str) -> list[str]:
    """Return what ``tail``, which starts with a serial, may start with."""
    ends = [at for at in range(1, len(tail)) if _OTHER_AI.match(tail, at)]
    return [tail[:end] for end in [*ends, len(tail)] if is_gs1_serial(tail[:end])]
