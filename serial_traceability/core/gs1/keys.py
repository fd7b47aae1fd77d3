"""GS1 identification keys: GTIN, SSCC, GLN, GRAI and GIAI.

Where a GS1 Company Prefix ends inside a key cannot be seen from the key. What needs
the prefix therefore takes it, or its length, as a parameter and never guesses.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import Gs1Error
from .charsets import CSET_82, outsider_search
from .check_digit import check_digit, has_valid_check_digit, is_digits

if TYPE_CHECKING:
    from typing_extensions import Self

PREFIX_LENGTHS = range(4, 13)

_outside_82 = outsider_search(CSET_82)
_GTIN_LENGTHS = (8, 12, 13, 14)
_GRAI_SERIAL_MAX = 16
_GIAI_MAX = 30


class _Key:
    """What the keys share: reading one, and telling prefix and reference apart."""

    @classmethod
    def parse(cls, text: str) -> "Self":
        """Return the key written as ``text``, the value of its application identifier.

        :raises Gs1Error: where a character, the length or the check digit is wrong.
        """
        return cls(text)

    @property
    def body(self) -> str:
        """The key from its company prefix on, without the check digit."""
        raise NotImplementedError

    def split(
        self, *, company_prefix: str | None = None, prefix_length: int | None = None
    ) -> tuple[str, str]:
        """Return the company prefix and the reference that follows it.

        :param company_prefix: the prefix itself; it comes first where both are given.
        :param prefix_length: its length, 4 to 12.
        :raises Gs1Error: where neither is given (code ``prefix_missing``), or it is
            not the prefix of this key.

        >>> Gtin.parse("80614141123458").split(prefix_length=7)
        ('0614141', '12345')
        """
        return split_prefix(self.body, company_prefix, prefix_length)


@dataclass(frozen=True)
class Gtin(_Key):
    """A Global Trade Item Number, checked.

    :param gtin14: 14 digits, zeros in front of a shorter number.
    :param length: how many digits the number was written with: 8, 12, 13 or 14. Two
        GTINs that differ in this alone are equal.

    Source: GS1 General Specifications §3.3.2, §7.9.1.
    """

    gtin14: str
    length: int = field(default=14, compare=False)

    def __post_init__(self) -> None:
        _check_number(self.gtin14, (14,), "GTIN")
        if self.length not in _GTIN_LENGTHS or int(
            self.gtin14[: 14 - self.length] or 0
        ):
            raise _error(
                f"GTIN {self.gtin14} cannot be written with {self.length} digits.",
                "length",
                self.gtin14,
                "8, 12, 13 or 14 digits",
            )

    @property
    def body(self) -> str:
        return self.gtin14[1:-1]

    @classmethod
    def parse(cls, text: str) -> "Gtin":
        """Return the GTIN written as ``text``, 8, 12, 13 or 14 digits.

        :raises Gs1Error: where it is not digits, of another length, or its check
            digit is wrong.

        >>> Gtin.parse("4006381333931").gtin14
        '04006381333931'
        """
        _check_number(text, _GTIN_LENGTHS, "GTIN")
        return cls(text.zfill(14), len(text))

    @classmethod
    def build(
        cls, company_prefix: str, item_reference: int | str, *, indicator: str = "0"
    ) -> "Gtin":
        """Return the GTIN of an item reference, its check digit computed.

        :param company_prefix: GS1 Company Prefix, 4 to 12 digits. A GTIN-8 has its
            GS1-8 Prefix behind five zeros here, as the Tag Data Standard writes it.
        :param item_reference: number; zeros fill the room the prefix leaves.
        :param indicator: one digit, "0" for the trade item itself.
        :raises Gs1Error: where a part is no number or does not fit.

        >>> Gtin.build("0614141", 12345, indicator="8").gtin14
        '80614141123458'
        """
        _check_digits(indicator, 1, "indicator digit")
        body = _joined(company_prefix, item_reference, 12, "item reference")
        return cls(_with_check_digit(indicator + body))

    @property
    def indicator(self) -> str:
        """The indicator digit: 0 an item, 1 to 8 a grouping, 9 of variable measure."""
        return self.gtin14[0]


@dataclass(frozen=True)
class Sscc(_Key):
    """A Serial Shipping Container Code: 18 digits, checked.

    Source: GS1 General Specifications §3.3.1, §7.9.1.
    """

    sscc: str

    def __post_init__(self) -> None:
        _check_number(self.sscc, (18,), "SSCC")

    @property
    def body(self) -> str:
        return self.sscc[1:-1]

    @classmethod
    def build(
        cls, company_prefix: str, serial_reference: int | str, *, extension: str = "0"
    ) -> "Sscc":
        """Return the SSCC of a serial reference, its check digit computed.

        :param company_prefix: GS1 Company Prefix, 4 to 12 digits.
        :param serial_reference: number; zeros fill the room the prefix leaves.
        :param extension: one digit that widens the range of serial references.
        :raises Gs1Error: where a part is no number or does not fit.

        >>> Sscc.build("0614141", 234567890, extension="1").sscc
        '106141412345678908'
        """
        _check_digits(extension, 1, "extension digit")
        body = _joined(company_prefix, serial_reference, 16, "serial reference")
        return cls(_with_check_digit(extension + body))

    @property
    def extension(self) -> str:
        """The extension digit."""
        return self.sscc[0]


@dataclass(frozen=True)
class Gln(_Key):
    """A Global Location Number: 13 digits, checked.

    Source: GS1 General Specifications §3.7, §7.9.1.
    """

    gln: str

    def __post_init__(self) -> None:
        _check_number(self.gln, (13,), "GLN")

    @property
    def body(self) -> str:
        return self.gln[:-1]

    @classmethod
    def build(cls, company_prefix: str, location_reference: int | str = "") -> "Gln":
        """Return the GLN of a location reference, its check digit computed.

        :param company_prefix: GS1 Company Prefix, 4 to 12 digits.
        :param location_reference: number; empty where the prefix has 12 digits.
        :raises Gs1Error: where a part is no number or does not fit.

        >>> Gln.build("0614141", 777).gln
        '0614141007776'
        """
        body = _joined(company_prefix, location_reference, 12, "location reference")
        return cls(_with_check_digit(body))


@dataclass(frozen=True)
class Grai(_Key):
    """A Global Returnable Asset Identifier, checked.

    :param asset: 13 digits, the last one the check digit.
    :param serial: up to 16 characters of set 82, empty for the asset type as such.

    Source: GS1 General Specifications §3.9.3 (AI 8003), §7.9.1.
    """

    asset: str
    serial: str = ""

    def __post_init__(self) -> None:
        _check_number(self.asset, (13,), "GRAI")
        check_cset_82(self.serial, _GRAI_SERIAL_MAX, "GRAI serial", empty=True)

    @property
    def body(self) -> str:
        return self.asset[:-1]

    @classmethod
    def parse(cls, text: str) -> "Grai":
        """Return the GRAI written as AI 8003 has it: zero, 13 digits, serial.

        :raises Gs1Error: where the leading zero is missing, a digit or the check digit
            is wrong, or the serial does not fit.

        >>> Grai.parse("006141411234525678")
        Grai(asset='0614141123452', serial='5678')
        """
        if not text.startswith("0"):
            raise _error(
                f"GRAI {text!r} does not start with the zero that AI 8003 asks for.",
                "grai_zero",
                text,
                "0 in front of 13 digits",
                position=0,
            )
        return cls(text[1:14], text[14:])

    @classmethod
    def build(
        cls, company_prefix: str, asset_type: int | str = "", *, serial: str = ""
    ) -> "Grai":
        """Return the GRAI of an asset type, its check digit computed.

        :raises Gs1Error: where a part is no number or does not fit.
        """
        body = _joined(company_prefix, asset_type, 12, "asset type")
        return cls(_with_check_digit(body), serial)

    @property
    def element_value(self) -> str:
        """The value of AI 8003."""
        return f"0{self.asset}{self.serial}"


@dataclass(frozen=True)
class Giai(_Key):
    """A Global Individual Asset Identifier: prefix and reference in one text, checked.

    :param giai: up to 30 characters of set 82, the first four digits.

    Source: GS1 General Specifications §3.9.4 (AI 8004).
    """

    giai: str

    def __post_init__(self) -> None:
        check_cset_82(self.giai, _GIAI_MAX, "GIAI")
        if not is_digits(self.giai[:4]):
            raise _error(
                f"GIAI {self.giai!r} does not start with a GS1 Company Prefix.",
                "not_digits",
                self.giai,
                "a company prefix of at least 4 digits",
                position=0,
            )

    @property
    def body(self) -> str:
        return self.giai

    @classmethod
    def build(cls, company_prefix: str, individual_asset_reference: str) -> "Giai":
        """Return the GIAI of an asset reference.

        :raises Gs1Error: where a part is empty or does not fit.
        """
        _check_prefix(company_prefix)
        check_cset_82(individual_asset_reference, _GIAI_MAX, "asset reference")
        return cls(company_prefix + individual_asset_reference)


def split_prefix(
    digits: str, company_prefix: str | None, prefix_length: int | None
) -> tuple[str, str]:
    """Return the company prefix at the start of ``digits`` and what follows it.

    :param digits: a key without indicator, extension and check digit.
    :param company_prefix: the prefix itself; it comes first where both are given.
    :param prefix_length: its length, 4 to 12.
    :raises Gs1Error: where neither is given (code ``prefix_missing``), or the key does
        not start with the prefix.

    >>> split_prefix("061414112345", "0614141", None)
    ('0614141', '12345')
    """
    prefix = company_prefix or digits[: _known_length(digits, prefix_length)]
    _check_prefix(prefix)
    if not digits.startswith(prefix):
        raise _error(
            f"{digits} does not start with the GS1 Company Prefix {prefix}.",
            "prefix_mismatch",
            digits,
            f"a key that starts with {prefix}",
        )
    return prefix, digits[len(prefix) :]


def check_cset_82(text: str, maximum: int, name: str, *, empty: bool = False) -> None:
    """Check that ``text`` is 1 to ``maximum`` characters of character set 82.

    :param name: what the text is, for the message.
    :param empty: whether an empty text is right too.
    :raises Gs1Error: with the position of the first character outside the set.

    Source: GS1 General Specifications §7.11.
    """
    outside = _outside_82(text)
    if outside:
        at = outside.start()
        raise _error(
            f"{name} {text!r} has {text[at]!r}, which GS1's character set 82 lacks.",
            "character",
            text,
            "a character of set 82",
            position=at,
        )
    if len(text) > maximum or not (text or empty):
        raise _error(
            f"{name} {text!r} has {len(text)} characters, at most {maximum} fit.",
            "length" if text else "empty",
            text,
            f"{0 if empty else 1} to {maximum} characters",
        )


def _known_length(digits: str, prefix_length: int | None) -> int:
    """Return ``prefix_length``, which must have been given."""
    if prefix_length is None:
        raise _error(
            f"The length of the GS1 Company Prefix in {digits} is not known:"
            " give company_prefix or prefix_length.",
            "prefix_missing",
            digits,
            "company_prefix or prefix_length",
        )
    if prefix_length not in PREFIX_LENGTHS:
        raise _error(
            f"A GS1 Company Prefix has 4 to 12 digits, not {prefix_length}.",
            "prefix_length",
            str(prefix_length),
            "4 to 12",
        )
    return prefix_length


def _check_prefix(prefix: str) -> None:
    """Check that ``prefix`` is 4 to 12 digits."""
    if not is_digits(prefix) or len(prefix) not in PREFIX_LENGTHS:
        raise _error(
            f"{prefix!r} is no GS1 Company Prefix: 4 to 12 digits expected.",
            "prefix",
            prefix,
            "4 to 12 digits",
        )


def _joined(company_prefix: str, reference: int | str, width: int, name: str) -> str:
    """Return prefix and zero-filled reference, together ``width`` digits."""
    _check_prefix(company_prefix)
    text, room = str(reference), width - len(company_prefix)
    if (text and not is_digits(text)) or len(text) > room:
        raise _error(
            f"{name} {text!r} does not fit: a prefix of {len(company_prefix)} digits"
            f" leaves room for {room}.",
            "reference",
            text,
            f"a number of at most {room} digits",
        )
    return company_prefix + text.zfill(room)


def _with_check_digit(body: str) -> str:
    return body + check_digit(body)


def _check_digits(text: str, length: int, name: str) -> None:
    """Check that ``text`` is ``length`` digits."""
    if not is_digits(text) or len(text) != length:
        raise _error(
            f"{name} {text!r} is not {length} digit(s).",
            "not_digits",
            text,
            f"{length} digit(s)",
        )


def _check_number(text: str, lengths: tuple[int, ...], name: str) -> None:
    """Check digits, length and check digit of a numeric key."""
    if text and not is_digits(text):
        at = next(index for index, char in enumerate(text) if not is_digits(char))
        raise _error(
            f"{name} {text!r} has {text[at]!r} at position {at}, where only digits"
            " 0-9 may be.",
            "not_digits",
            text,
            "digits 0-9",
            position=at,
        )
    expected = " or ".join(map(str, lengths)) + " digits"
    if len(text) not in lengths:
        raise _error(
            f"{name} {text!r} has {len(text)} digits, expected {expected}.",
            "length" if text else "empty",
            text,
            expected,
        )
    if not has_valid_check_digit(text):
        right = check_digit(text[:-1])
        raise _error(
            f"{name} {text} has the check digit {text[-1]}, its digits ask for"
            f" {right}.",
            "check_digit",
            text,
            right,
            position=len(text) - 1,
        )


def _error(
    message: str, code: str, value: str, expected: str, *, position: int | None = None
) -> Gs1Error:
    return Gs1Error(
        message, code=code, value=value, expected=expected, position=position
    )
