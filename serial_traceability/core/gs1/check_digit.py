"""GS1 mod-10 check digits (GS1 General Specifications §7.9.1)."""

from ..errors import Gs1Error

_DIGITS = frozenset("0123456789")


def is_digits(text: str) -> bool:
    """Return whether ``text`` is one or more ASCII digits.

    ``str.isdigit`` also takes superscripts and other scripts' digits, which odd
    scanners and copied texts do deliver.

    >>> is_digits("0123"), is_digits("¹²"), is_digits("")
    (True, False, False)
    """
    return bool(text) and _DIGITS.issuperset(text)


def check_digit(body: str) -> str:
    """Return the check digit for ``body``, the key's digits without it.

    :param body: ASCII digits, any length.
    :raises Gs1Error: where ``body`` is not made of digits.

    Source: GS1 General Specifications §7.9.1.

    >>> check_digit("629104150021")
    '3'
    """
    if not is_digits(body):
        raise Gs1Error(
            f"{body!r} cannot have a check digit: only digits 0-9 can.",
            code="not_digits",
            value=body,
            expected="digits 0-9",
        )
    odd = sum(map(int, body[-1::-2]))
    even = sum(map(int, body[-2::-2]))
    return str(-(3 * odd + even) % 10)


def has_valid_check_digit(key: str) -> bool:
    """Return whether the last digit of ``key`` is its mod-10 check digit.

    >>> has_valid_check_digit("09520001100017"), has_valid_check_digit("09520001100018")
    (True, False)
    """
    return len(key) > 1 and is_digits(key) and check_digit(key[:-1]) == key[-1]
