"""Linters of numbers, positions and percent-encoded text."""

import re

from ..check_digit import is_digits
from .fault import Fault, digits_fault

_LATITUDE_MAX = 1_800_000_000
_LONGITUDE_MAX = 3_600_000_000
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_POSITION = re.compile(r"([0-9]+)/([0-9]+)")


def zero(value: str) -> Fault | None:
    """Check that every character is a zero."""
    for position, character in enumerate(value):
        if character != "0":
            return Fault("not_zero", position, "0")
    return None


def nonzero(value: str) -> Fault | None:
    """Check that a number is not zero.

    >>> nonzero("0000").code, nonzero("0010")
    ('illegal_zero_value', None)
    """
    fault = digits_fault(value)
    if fault or value.strip("0"):
        return fault
    return Fault("illegal_zero_value", 0, "a number above zero")


def nozeroprefix(value: str) -> Fault | None:
    """Check that a number does not start with a zero."""
    if value.startswith("0"):
        return Fault("illegal_zero_prefix", 0, "a number without leading zero")
    return digits_fault(value)


def hasnondigit(value: str) -> Fault | None:
    """Check that at least one character is no digit.

    >>> hasnondigit("12A"), hasnondigit("123").code
    (None, 'requires_non_digit')
    """
    if value and not is_digits(value):
        return None
    return Fault("requires_non_digit", 0, "at least one character that is no digit")


def pieceoftotal(value: str) -> Fault | None:
    """Check two numbers of equal width, a piece and how many there are.

    >>> pieceoftotal("0105"), pieceoftotal("0502").code, pieceoftotal("0100").position
    (None, 'piece_exceeds_total', 2)
    """
    if not value or len(value) % 2:
        return Fault("wrong_length", len(value), "piece and total of equal width")
    fault = digits_fault(value)
    if fault:
        return fault
    middle = len(value) // 2
    piece, total = int(value[:middle]), int(value[middle:])
    if not piece:
        return Fault("zero_piece_number", 0, "a piece number above zero")
    if not total:
        return Fault("zero_total_pieces", middle, "a total above zero")
    if piece > total:
        return Fault("piece_exceeds_total", 0, f"a piece number up to {total}")
    return None


def posinseqslash(value: str) -> Fault | None:
    """Check a position in a sequence, as ``2/3``.

    >>> posinseqslash("2/3"), posinseqslash("3/2").code, posinseqslash("1/02").position
    (None, 'position_exceeds_end', 2)
    """
    match = _POSITION.fullmatch(value)
    if not match:
        return Fault("position_in_sequence_malformed", 0, "position/end, as 2/3")
    for group in (1, 2):
        if match[group].startswith("0"):
            start = match.start(group)
            return Fault("illegal_zero_prefix", start, "a number without leading zero")
    # Compared as texts: neither has leading zeros, and int() refuses very long ones.
    if (len(match[1]), match[1]) > (len(match[2]), match[2]):
        return Fault("position_exceeds_end", 0, "a position up to the end")
    return None


def latitude(value: str) -> Fault | None:
    """Check a latitude in ten digits: (degrees + 90) x 10,000,000."""
    fault = digits_fault(value, 10)
    if fault or int(value) <= _LATITUDE_MAX:
        return fault
    return Fault("invalid_latitude", 0, f"at most {_LATITUDE_MAX}")


def longitude(value: str) -> Fault | None:
    """Check a longitude in ten digits: degrees x 10,000,000, negative ones plus 360."""
    fault = digits_fault(value, 10)
    if fault or int(value) <= _LONGITUDE_MAX:
        return fault
    return Fault("invalid_longitude", 0, f"at most {_LONGITUDE_MAX}")


def pcenc(value: str) -> Fault | None:
    """Check that each percent sign starts a percent-encoded octet.

    Source: RFC 3986 §2.1.

    >>> pcenc("ABC%20D"), pcenc("ABC%0g").position
    (None, 3)
    """
    match = _BAD_PERCENT.search(value)
    if match:
        return Fault("invalid_percent_sequence", match.start(), "% and two hex digits")
    return None
