"""Giving out GTINs and SSCCs of a GS1 Company Prefix, each number once.

What is taken comes in as values; nothing here remembers anything between two calls.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from ..errors import Gs1Error
from .check_digit import is_digits
from .keys import PREFIX_LENGTHS, Gtin, Sscc

_GTIN_BODY, _SSCC_BODY = 12, 16
#: A number of a packaging level: 9 stands for variable measure and is never given.
INDICATORS = "12345678"
#: Highest number that a counter of four bytes holds. Of a prefix shorter than seven
#: digits each extension digit ends there.
_COUNTER_END = 2**31 - 1


def check_company_prefix(prefix: str) -> str:
    """Return ``prefix`` without blanks around it.

    :raises Gs1Error: where it is not 4 to 12 digits.

    Source: GS1 General Specifications §1.4.4.

    >>> check_company_prefix(" 9520001 ")
    '9520001'
    """
    text = (prefix or "").strip()
    if not is_digits(text) or len(text) not in PREFIX_LENGTHS:
        raise Gs1Error(
            f"{text!r} is no GS1 Company Prefix: 4 to 12 digits expected.",
            code="prefix",
            value=text,
            expected="4 to 12 digits",
        )
    return text


def longest_prefix(gtin: str, prefixes: Collection[str]) -> str | None:
    """Return that one of ``prefixes`` which ``gtin`` was made from, None for none.

    :param gtin: 14 digits.
    :param prefixes: GS1 Company Prefixes; where several fit, the longest is right.

    >>> longest_prefix("09520001100017", {"952000", "9520001", "4012345"})
    '9520001'
    """
    body = gtin[1:-1]
    for length in reversed(PREFIX_LENGTHS):
        if body[:length] in prefixes:
            return body[:length]
    return None


def item_reference(gtin: str, prefix: str) -> int:
    """Return the item reference of a GTIN as a number, 0 where the prefix fills it.

    :param gtin: 14 digits that carry ``prefix``.

    >>> item_reference("09520001100017", "952000")
    110001
    """
    return int(gtin[1 + len(prefix) : -1] or 0)


def foreign_ranges(prefix: str, prefixes: Iterable[str]) -> list[range]:
    """Return the item references of ``prefix`` that belong to longer prefixes.

    Licensed prefixes do not contain each other, but a short one may be entered for a
    block whose parts have other holders.

    >>> foreign_ranges("952000", ["952000", "9520001", "4012345"])
    [range(100000, 200000)]
    """
    room = _GTIN_BODY - len(prefix)
    ranges = []
    for other in prefixes:
        rest = other[len(prefix) :]
        if rest and other.startswith(prefix):
            step = 10 ** (room - len(rest))
            ranges.append(range(int(rest) * step, (int(rest) + 1) * step))
    return sorted(ranges, key=lambda part: (part.start, -part.stop))


def capacity(prefix: str, foreign: Sequence[range] = ()) -> int:
    """Return how many item references a prefix has, those of others left out.

    :param foreign: see :func:`foreign_ranges`.

    >>> capacity("952000"), capacity("952000", [range(100000, 200000)])
    (1000000, 900000)
    """
    end, lost = 0, 0
    for part in foreign:
        lost += max(0, part.stop - max(part.start, end))
        end = max(end, part.stop)
    return 10 ** (_GTIN_BODY - len(prefix)) - lost


def free_references(
    prefix: str,
    taken: Collection[int],
    *,
    start: int = 0,
    foreign: Sequence[range] = (),
) -> Iterator[int]:
    """Yield the free item references of a prefix, from ``start`` on and then below it.

    :param taken: item references that are or were in use.
    :param foreign: see :func:`foreign_ranges`.

    >>> free = free_references("95200012345", {1, 2}, start=8)
    >>> list(free)
    [8, 9, 0, 3, 4, 5, 6, 7]
    """
    end = 10 ** (_GTIN_BODY - len(prefix))
    start = min(start, end)
    for first, last in ((start, end), (0, start)):
        number = first
        while number < last:
            stop = next((part.stop for part in foreign if number in part), None)
            if stop is not None:
                number = stop
                continue
            if number not in taken:
                yield number
            number += 1


def build_gtin(prefix: str, reference: int, indicator: str = "0") -> str:
    """Return the GTIN of an item reference as 14 digits.

    :raises Gs1Error: where the reference does not fit behind the prefix.

    >>> build_gtin("9520001", 10001), build_gtin("9520001", 10001, "1")
    ('09520001100017', '19520001100014')
    >>> build_gtin("952000123456", 0)
    '09520001234569'
    """
    full = len(prefix) == _GTIN_BODY
    return Gtin.build(
        prefix, "" if full and not reference else reference, indicator=indicator
    ).gtin14


def barcode_text(gtin: str) -> str:
    """Return a GTIN as short as a symbol carries it: GTIN-12, -13 or -14.

    :param gtin: 14 digits of a GTIN that is not a GTIN-8.

    >>> barcode_text("09520001100017"), barcode_text("00614141000012")
    ('9520001100017', '614141000012')
    >>> barcode_text("19520001100014")
    '19520001100014'
    """
    if not gtin.startswith("0"):
        return gtin
    return gtin[2:] if gtin.startswith("00") else gtin[1:]


def sscc_capacity(prefix: str) -> int:
    """Return how many SSCCs one extension digit of a prefix gives.

    >>> sscc_capacity("9520001"), sscc_capacity("952000123456")
    (1000000000, 10000)
    """
    return min(10 ** (_SSCC_BODY - len(prefix)), _COUNTER_END)


def sscc_numbers(
    prefix: str, extension: int, reference: int
) -> Iterator[tuple[int, int, str]]:
    """Yield SSCCs from a counter on: next extension digit, next reference, SSCC.

    The counter stands behind the SSCC that is yielded with it. Where the serial
    references of an extension digit end, the next digit follows; after the last of 9
    there are no more.

    :param extension: extension digit, 0 to 9; 10 stands for no more.
    :param reference: next serial reference.

    Source: GS1 General Specifications §3.3.1.

    >>> next(sscc_numbers("0614141", 1, 234567890))
    (1, 234567891, '106141412345678908')
    >>> next(sscc_numbers("952000123456", 0, 9999))
    (1, 0, '095200012345699997')
    """
    end = sscc_capacity(prefix)
    while extension <= 9:
        while reference < end:
            number = Sscc.build(prefix, reference, extension=str(extension)).sscc
            reference += 1
            rolls = reference == end
            following = (extension + 1, 0) if rolls else (extension, reference)
            yield (*following, number)
        extension, reference = extension + 1, 0
