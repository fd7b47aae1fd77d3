"""What a linter finds wrong in one component of a value."""

from collections.abc import Callable
from typing import NamedTuple

from ..charsets import DIGITS, outsider_search

_non_digit = outsider_search(DIGITS)


class Fault(NamedTuple):
    """One thing that is wrong.

    :param code: stable snake_case word for the kind of fault.
    :param position: 0-based offset in the component.
    :param expected: what would have been right, in words.
    """

    code: str
    position: int
    expected: str


#: Takes a component's text, says what is wrong with it, or None. It relies on nothing
#: checked before: whatever text comes, it answers.
Linter = Callable[[str], "Fault | None"]


def digits_fault(value: str, length: int | None = None) -> Fault | None:
    """Return a fault unless ``value`` consists of digits, ``length`` of them.

    >>> digits_fault("12a4").position, digits_fault("123", 4).code
    (2, 'wrong_length')
    """
    if length is not None and len(value) != length:
        return Fault("wrong_length", min(len(value), length), f"{length} digits")
    outsider = _non_digit(value)
    if outsider:
        return Fault("not_digits", outsider.start(), "digits 0-9")
    return None
