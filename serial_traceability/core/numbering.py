"""How serial numbers are made, how many there are, and how hard they are to guess.

A number is a prefix, a body, a check character if asked for, and a suffix. The body
either counts up or is drawn by a cryptographically secure generator. A scheme that is
drawn has a limit: of all numbers it could make, only so many may ever be issued, so
that a number made up by somebody is almost never one that was issued.
"""

import itertools
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from stdnum.iso7064 import mod_37_36

from .errors import RuleError
from .gs1.charsets import CSET_82, DIGITS, outsider_search

#: GS1 General Specifications §3.5.2: AI 21 has up to 20 characters of set 82.
AI_21_LENGTH = 20
#: TDS 2.2 §14.6.1.1: SGTIN-96 keeps a serial in 38 bits.
SGTIN_96_MAX = 2**38 - 1
#: What a number may have that is none of GS1's.
PLAIN_LENGTH = 64

#: Characters that people take for each other; the first of each group is kept.
LOOKALIKES = ("0Oo", "1Iil", "2Zz", "5Ss", "8B", "9gq", "Vv", "Uu")

Kind = Literal["sequential", "random"]
Form = Literal["plain", "ai21", "sgtin198", "sgtin96"]

_PART = re.compile(r"%\((\w+)\)s")
_not_in_set_82 = outsider_search(CSET_82)


class NumberingError(RuleError):
    """A scheme cannot make numbers, or no more of them."""


@dataclass(frozen=True)
class Scheme:
    """A way to number.

    :param kind: ``sequential`` counts up, ``random`` draws.
    :param form: what the whole number must fit: ``plain``, anything printable;
        ``ai21`` and ``sgtin198``, GS1's application identifier 21; ``sgtin96``, a
        whole number of 38 bits without leading zeros.
    :param alphabet: the characters of the body, in counting order.
    :param length: how many of them the body has; with ``padded`` unset, at most.
    :param prefix: text before the body; may name parts, see :func:`render`.
    :param suffix: text behind it, the same.
    :param check_character: whether one of the alphabet follows the body, by ISO/IEC
        7064's hybrid system.
    :param padded: whether a sequential body is filled up with the alphabet's first
        character.
    :param start: the first value of a sequential body.
    :param step: what the next value is more.
    :param one_in: a number made up must be one that was issued in fewer than one of
        so many cases; for ``random``.
    """

    kind: Kind = "random"
    form: Form = "ai21"
    alphabet: str = DIGITS
    length: int = 12
    prefix: str = ""
    suffix: str = ""
    check_character: bool = False
    padded: bool = True
    start: int = 1
    step: int = 1
    one_in: int = 10_000


@dataclass(frozen=True)
class Parts:
    """What a prefix or suffix may name: the day, and the batch's number."""

    day: date
    batch: str = ""


#: A day on which everything but the year begins with a zero: where a number may not,
#: what fits on it fits on every day of that year.
_SAMPLE = Parts(date(2026, 1, 1))


def without_lookalikes(alphabet: str) -> str:
    """Return ``alphabet`` with one character left of those that look alike.

    >>> without_lookalikes("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    '0123456789ACDEFGHJKLMNPQRTUVWXY'
    """
    dropped = set()
    for group in LOOKALIKES:
        dropped.update([char for char in group if char in alphabet][1:])
    return "".join(char for char in alphabet if char not in dropped)


# ---- Rules of a scheme ----


def check(scheme: Scheme) -> None:
    """Check that ``scheme`` can make numbers.

    What depends on the day or the batch is checked again by :func:`make`.

    :raises NumberingError: naming the first fault.
    """
    _check_alphabet(scheme)
    _check_counts(scheme)
    for template in (scheme.prefix, scheme.suffix):
        _check_template(template)
    _check_whole(scheme, _longest(scheme, _SAMPLE))
    leading_zero = render(scheme.prefix, _SAMPLE).startswith("0")
    if space(scheme) < 1 or (scheme.form == "sgtin96" and leading_zero):
        raise _error(
            "no_space", scheme.prefix, "a scheme of which at least one number fits"
        )


def _check_alphabet(scheme: Scheme) -> None:
    alphabet = scheme.alphabet
    if len(alphabet) < 2:
        raise _error("short_alphabet", alphabet, "at least two characters")
    twice = next((char for char in alphabet if alphabet.count(char) > 1), None)
    if twice:
        raise _error("double_character", twice, "each character once")
    outside = _outsider(scheme, alphabet)
    if outside:
        raise _error("bad_character", outside, _what_is_allowed(scheme))
    # What fits 38 bits is told by the value, which only these ten spell out.
    if (scheme.kind, scheme.form) == ("sequential", "sgtin96") and alphabet != DIGITS:
        raise _error("counting_alphabet", alphabet, DIGITS)
    # An odd alphabet has no inverse of two, on which the system rests.
    if scheme.check_character and len(alphabet) % 2:
        raise _error("odd_alphabet", str(len(alphabet)), "an even number of characters")


def _check_counts(scheme: Scheme) -> None:
    longest = _max_length(scheme)
    if not 1 <= scheme.length <= longest:
        raise _error("length", str(scheme.length), f"1 to {longest}")
    if scheme.kind == "random":
        if scheme.one_in < 2:
            raise _error("limit", str(scheme.one_in), "at least 2")
    elif scheme.start < 0 or scheme.step < 1:
        raise _error(
            "start", f"{scheme.start}, {scheme.step}", "a start from 0, a step from 1"
        )


def _check_template(template: str) -> None:
    names = set(_PART.findall(template)) - _PARTS.keys()
    if names or "%" in _PART.sub("", template):
        unknown = ", ".join(sorted(names)) or "%"
        raise _error("unknown_part", unknown, ", ".join(_PARTS))


def _check_whole(scheme: Scheme, number: str) -> None:
    """Check a whole number, or the longest that a scheme makes."""
    longest = _max_length(scheme)
    if len(number) > longest:
        raise _error("too_long", number, str(longest))
    outside = _outsider(scheme, number)
    if outside:
        raise _error("bad_character", outside, _what_is_allowed(scheme))


def _max_length(scheme: Scheme) -> int:
    lengths = {"plain": PLAIN_LENGTH, "sgtin96": len(str(SGTIN_96_MAX))}
    return lengths.get(scheme.form, AI_21_LENGTH)


def _outsider(scheme: Scheme, text: str) -> str | None:
    """Return the first character of ``text`` that the form does not allow."""
    if scheme.form == "plain":
        bad = (char for char in text if not char.isprintable() or char.isspace())
    elif scheme.form == "sgtin96":
        bad = (char for char in text if char not in DIGITS)
    else:
        found = _not_in_set_82(text)
        return found and found.group()
    return next(bad, None)


def fits_form(form: Form, number: str) -> bool:
    """Return whether a number that somebody else made has the form of a scheme.

    Source: GS1 EPC Tag Data Standard, SGTIN-96: serials of 38 bits, without leading
    zeros.

    >>> fits_form("sgtin96", "4711"), fits_form("sgtin96", "04711")
    (True, False)
    >>> fits_form("ai21", "A/1"), fits_form("ai21", "A 1"), fits_form("plain", "A~1")
    (True, False, True)
    """
    scheme = Scheme(form=form)
    if not number or len(number) > _max_length(scheme) or _outsider(scheme, number):
        return False
    if form != "sgtin96":
        return True
    return int(number) <= SGTIN_96_MAX and (number == "0" or number[0] != "0")


def _what_is_allowed(scheme: Scheme) -> str:
    return {"plain": "printable characters", "sgtin96": "digits"}.get(
        scheme.form, "characters of GS1 set 82"
    )


def _longest(scheme: Scheme, parts: Parts) -> str:
    """Return a number as long as ``scheme`` makes them."""
    width = scheme.length + scheme.check_character
    body = scheme.alphabet[-1] * width
    return render(scheme.prefix, parts) + body + render(scheme.suffix, parts)


# ---- What a count goes by ----

#: How many digits each part of a prefix or suffix has; a batch has any length.
_WIDTHS = {"year": 4, "y": 2, "month": 2, "day": 2, "doy": 3, "woy": 2}


def series(scheme: Scheme) -> str:
    """Return what tells the series of ``scheme`` from others, as text.

    Numbers that count up with another start or step are another series, which begins
    anew. Numbers that are drawn are one series with all that have the same places,
    whatever scheme they are of: a number made up by somebody may be any of them.

    >>> series(Scheme("sequential", start=100, step=5))
    '100+5'
    >>> series(Scheme(alphabet="BA", length=3)) == series(
    ...     Scheme(alphabet="AB", length=3, form="plain", one_in=2)
    ... )
    True
    """
    if scheme.kind == "sequential":
        return f"{scheme.start}+{scheme.step}"
    alphabet = "".join(sorted(scheme.alphabet))
    width = scheme.length + scheme.check_character
    return json.dumps([scheme.prefix, alphabet, width, scheme.suffix])


def overlap(own: str, other: str) -> Fraction:
    """Return which part of the numbers of one drawn series can be expected, at most,
    among the numbers that another one can make.

    Each number of ``other`` is drawn by itself, so of its places each falls into
    those of ``own`` as often as the alphabets have characters in common.

    :param own: the series of whose numbers one is made up; see :func:`series`.
    :param other: the series of which numbers were issued.

    >>> digits, letters = (
    ...     series(Scheme(alphabet=alphabet, length=2)) for alphabet in ("12", "1AB")
    ... )
    >>> overlap(digits, letters), overlap(letters, digits)
    (Fraction(1, 9), Fraction(1, 4))
    """
    mine, theirs = _places(own), _places(other)
    if own == other or mine is None or theirs is None:
        return Fraction(1)
    if len(mine) != len(theirs):
        return Fraction(0)
    part = Fraction(1)
    for (allowed, _drawn), (chars, drawn) in zip(mine, theirs, strict=True):
        common = len(allowed & chars)
        part *= Fraction(common, len(chars)) if drawn else min(common, 1)
    return part


@lru_cache(maxsize=256)
def _places(text: str) -> tuple[tuple[frozenset[str], bool], ...] | None:
    """Return of a drawn series the characters of each place, and whether they are
    drawn there; None where a batch makes it any length.
    """
    prefix, alphabet, width, suffix = json.loads(text)
    before, behind = _template_places(prefix), _template_places(suffix)
    if before is None or behind is None:
        return None
    return (*before, *[(frozenset(alphabet), True)] * width, *behind)


def _template_places(template: str) -> list[tuple[frozenset[str], bool]] | None:
    places: list[tuple[frozenset[str], bool]] = []
    # Of text split by its parts, each second piece is the name of one.
    for index, piece in enumerate(_PART.split(template)):
        if not index % 2:
            places += [(frozenset(char), False) for char in piece]
        elif piece not in _WIDTHS:
            return None
        else:
            places += [(frozenset(DIGITS), False)] * _WIDTHS[piece]
    return places


# ---- How many ----


def space(scheme: Scheme, parts: Parts | None = None) -> int:
    """Return how many different numbers ``scheme`` can make.

    :param parts: what prefix and suffix name; of an SGTIN-96 they decide what fits.
    """
    parts = parts or _SAMPLE
    if scheme.kind == "sequential":
        return max(0, (_last_value(scheme, parts) - scheme.start) // scheme.step + 1)
    if scheme.form != "sgtin96":
        return len(scheme.alphabet) ** scheme.length
    prefix, bound = _sgtin_96_bound(scheme, parts)
    return _count_up_to(scheme, prefix, bound)


def capacity(scheme: Scheme, parts: Parts | None = None) -> int:
    """Return how many numbers of ``scheme`` may be issued in all.

    Of a drawn scheme: the most of which issued / space is still below the limit.

    >>> capacity(Scheme(length=9, one_in=10_000))
    99999
    """
    total = space(scheme, parts)
    if scheme.kind == "sequential":
        return total
    return max(0, (total - 1) // scheme.one_in)


def _last_value(scheme: Scheme, parts: Parts) -> int:
    """Return the largest value of a sequential body."""
    last = len(scheme.alphabet) ** scheme.length - 1
    if scheme.form != "sgtin96":
        return last
    prefix, bound = _sgtin_96_bound(scheme, parts)
    if not prefix and not scheme.padded:
        return min(last, bound)
    # A padded body without a prefix, and any body behind one, has a fixed length.
    offset = int(prefix or 0) * 10**scheme.length
    return min(last, bound - offset)


def _sgtin_96_bound(scheme: Scheme, parts: Parts) -> tuple[str, int]:
    """Return the rendered prefix, and the largest number that prefix and body may
    form together for the whole to stay within 38 bits.
    """
    tail = scheme.check_character + len(render(scheme.suffix, parts))
    bound = (SGTIN_96_MAX + 1) // 10**tail - 1 if tail else SGTIN_96_MAX
    return render(scheme.prefix, parts), bound


@lru_cache(maxsize=256)
def _count_up_to(scheme: Scheme, prefix: str, bound: int) -> int:
    """Return how many bodies make, behind ``prefix``, a number without leading zero
    of at most ``bound``.
    """
    limit = str(bound)
    digits = sorted(scheme.alphabet)
    width = len(prefix) + scheme.length
    if prefix.startswith("0") or width > len(limit):
        return 0
    free = len(digits) ** scheme.length
    if width < len(limit):
        leading = not prefix and "0" in digits
        return free - (len(digits) ** (scheme.length - 1) if leading else 0)
    if prefix and prefix != limit[: len(prefix)]:
        return free if prefix < limit[: len(prefix)] else 0
    return _count_tied(digits, limit[len(prefix) :], leading=not prefix)


def _count_tied(digits: list[str], limit: str, *, leading: bool) -> int:
    """Return how many texts of ``digits`` are at most ``limit``, as long as it.

    :param leading: whether the first may not be zero.
    """
    total = 0
    for index, top in enumerate(limit):
        usable = [
            each for each in digits if not (leading and not index and each == "0")
        ]
        smaller = sum(each < top for each in usable)
        total += smaller * len(digits) ** (len(limit) - index - 1)
        if top not in usable:
            return total
    return total + 1


# ---- Making numbers ----


def draw(scheme: Scheme, count: int, parts: Parts) -> list[str]:
    """Return ``count`` numbers of a ``random`` scheme, each different, by the
    operating system's generator for secrets.

    :raises NumberingError: where a number would not fit its form, or there are not so
        many.
    """
    total = space(scheme, parts)
    if count > total:
        raise _error("exhausted", str(count), str(total))
    make = _maker(scheme, parts)
    fits = _fitting(scheme, parts)
    found: dict[str, None] = {}
    while len(found) < count:
        bodies = _draw_bodies(scheme, parts, count - len(found))
        found.update(dict.fromkeys(map(make, filter(fits, bodies))))
    return list(found)


def _draw_bodies(scheme: Scheme, parts: Parts, count: int) -> list[str]:
    """Return ``count`` bodies, each as probable as any other of the scheme."""
    first, size = _drawn_from(scheme, parts)
    alphabet, length = scheme.alphabet, scheme.length
    if size == len(alphabet) ** length and len(alphabet) <= 256:
        text = _draw_text(alphabet, count * length)
        return [text[at : at + length] for at in range(0, len(text), length)]
    return [_body(scheme, first + secrets.randbelow(size)) for _ in range(count)]


def _draw_text(alphabet: str, length: int) -> str:
    """Return a text of characters of ``alphabet``, each as probable as any other."""
    base = len(alphabet)
    # Of bytes past the last multiple, the first characters would get one more.
    unfair = bytes(range(256 - 256 % base, 256))
    table = bytes(byte % base for byte in range(256))
    drawn = b""
    while len(drawn) < length:
        drawn += secrets.token_bytes(length).translate(table, unfair)
    return "".join([alphabet[byte] for byte in drawn[:length]])


def count_up(scheme: Scheme, values: Iterable[int], parts: Parts) -> list[str]:
    """Return the numbers of a ``sequential`` scheme for ``values``.

    :raises NumberingError: where a value is past the last, or does not fit its form.
    """
    make, last = _maker(scheme, parts), _last_value(scheme, parts)
    numbers = []
    for value in values:
        if value > last:
            raise _error("exhausted", str(value), str(last))
        body = _body(scheme, value)
        if not scheme.padded:
            body = body.lstrip(scheme.alphabet[0]) or scheme.alphabet[0]
        numbers.append(make(body))
    if scheme.form == "sgtin96":
        _check_no_leading_zero(numbers)
    return numbers


def values_from(scheme: Scheme, first: int, count: int) -> Iterator[int]:
    """Return the values of the ``count`` numbers from the ``first``-th on, 0-based.

    >>> list(values_from(Scheme("sequential", start=100, step=5), 2, 3))
    [110, 115, 120]
    """
    counting = itertools.count(scheme.start + first * scheme.step, scheme.step)
    return itertools.islice(counting, count)


def _maker(scheme: Scheme, parts: Parts) -> Callable[[str], str]:
    """Return what makes a whole number of a body; the parts are checked once."""
    prefix, suffix = render(scheme.prefix, parts), render(scheme.suffix, parts)
    _check_whole(scheme, _longest(scheme, parts))
    if not scheme.check_character:
        return lambda body: f"{prefix}{body}{suffix}"
    return lambda body: (
        f"{prefix}{body}{check_character(body, scheme.alphabet)}{suffix}"
    )


def _drawn_from(scheme: Scheme, parts: Parts) -> tuple[int, int]:
    """Return the first value of a drawn body, and how many values there are.

    Of an SGTIN-96 of all digits these are exactly the values that fit.
    """
    size = len(scheme.alphabet) ** scheme.length
    if scheme.form != "sgtin96" or scheme.alphabet != DIGITS:
        return 0, size
    prefix, bound = _sgtin_96_bound(scheme, parts)
    first = 0 if prefix else 10 ** (scheme.length - 1)
    last = min(size - 1, bound - int(prefix or 0) * size)
    return first, last - first + 1


def _fitting(scheme: Scheme, parts: Parts) -> Callable[[str], bool] | None:
    """Return what tells whether a drawn body fits, None where every one does."""
    if scheme.form != "sgtin96" or scheme.alphabet == DIGITS:
        return None
    prefix, bound = _sgtin_96_bound(scheme, parts)

    def fits(body: str) -> bool:
        number = prefix + body
        return number[0] != "0" and int(number) <= bound

    return fits


def _body(scheme: Scheme, value: int) -> str:
    """Return ``value`` in the scheme's alphabet, filled up to its length."""
    pairs = _pairs(scheme.alphabet)
    base = len(pairs)
    digits = []
    for _ in range((scheme.length + 1) // 2):
        value, rest = divmod(value, base)
        digits.append(pairs[rest])
    digits.reverse()
    return "".join(digits)[-scheme.length :]


@lru_cache(maxsize=64)
def _pairs(alphabet: str) -> tuple[str, ...]:
    """Return every two characters of ``alphabet``, counted up: half the divisions."""
    return tuple(map("".join, itertools.product(alphabet, repeat=2)))


def _check_no_leading_zero(numbers: Iterable[str]) -> None:
    bad = next((each for each in numbers if each != "0" and each[0] == "0"), None)
    if bad:
        raise _error("leading_zero", bad, "a number without leading zeros")


def check_character(body: str, alphabet: str) -> str:
    """Return the character of ``alphabet`` that makes a typing error in ``body`` show.

    One wrong character, and almost every exchange of neighbours, gives another one.

    Source: ISO/IEC 7064, hybrid system with a modulus of the alphabet's size.

    >>> check_character("4711", "0123456789")
    '5'
    """
    return mod_37_36.calc_check_digit(body, alphabet)


def is_mistyped(scheme: Scheme, number: str) -> bool:
    """Return whether ``number`` looks like one of ``scheme`` whose check character is
    wrong, so that a character of it was mistyped or misread.

    What prefix and suffix name may be of any day; where they name a batch, which may
    have any length, nothing is told.

    >>> scheme = Scheme("sequential", length=4, prefix="%(y)s-", check_character=True)
    >>> [is_mistyped(scheme, text) for text in ("26-47115", "26-47151", "X-47151")]
    [False, True, False]
    """
    shape = _shape(scheme) if scheme.check_character else None
    found = shape and shape.fullmatch(number)
    if not found:
        return False
    body = found["body"]
    return check_character(body[:-1], scheme.alphabet) != body[-1]


@lru_cache(maxsize=256)
def _shape(scheme: Scheme) -> re.Pattern[str] | None:
    """Return what the numbers of a scheme look like, None where a batch is in them."""
    if names_batch(scheme):
        return None
    shortest = scheme.length + 1 if scheme.padded else 2
    return re.compile(
        f"{_template_shape(scheme.prefix)}"
        f"(?P<body>[{re.escape(scheme.alphabet)}]{{{shortest},{scheme.length + 1}}})"
        f"{_template_shape(scheme.suffix)}"
    )


def _template_shape(template: str) -> str:
    pieces = _PART.split(template)
    return "".join(
        f"[0-9]{{{_WIDTHS[piece]}}}" if index % 2 else re.escape(piece)
        for index, piece in enumerate(pieces)
    )


# ---- Prefix and suffix ----

_PARTS: dict[str, Callable[[Parts], str]] = {
    "year": lambda parts: f"{parts.day:%Y}",
    "y": lambda parts: f"{parts.day:%y}",
    "month": lambda parts: f"{parts.day:%m}",
    "day": lambda parts: f"{parts.day:%d}",
    "doy": lambda parts: f"{parts.day:%j}",
    "woy": lambda parts: f"{parts.day:%V}",
    "batch": lambda parts: parts.batch,
}


def render(template: str, parts: Parts) -> str:
    """Return ``template`` with its parts filled in, named as Odoo's sequences do.

    >>> render("%(y)s%(doy)s-%(batch)s-", Parts(date(2026, 2, 1), "B17"))
    '26032-B17-'
    """
    return _PART.sub(lambda found: _PARTS[found.group(1)](parts), template)


def names_period(scheme: Scheme, period: Literal["day", "month", "year"]) -> bool:
    """Return whether the numbers of ``scheme`` tell one period from every other.

    >>> names_period(Scheme(prefix="%(y)s%(doy)s"), "day")
    True
    >>> names_period(Scheme(prefix="%(month)s"), "month")
    False
    """
    named = set(_PART.findall(scheme.prefix + scheme.suffix))
    if not named & {"year", "y"}:
        return False
    if period == "year" or "doy" in named:
        return True
    return "month" in named and (period == "month" or "day" in named)


def names_batch(scheme: Scheme) -> bool:
    """Return whether the numbers of ``scheme`` contain the batch's."""
    return "%(batch)s" in scheme.prefix + scheme.suffix


def _error(code: str, value: str, expected: str) -> NumberingError:
    return NumberingError(
        f"{code}: {value!r}, expected {expected}.",
        code=code,
        value=value,
        expected=expected,
    )
