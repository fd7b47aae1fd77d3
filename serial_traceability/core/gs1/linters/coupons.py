"""Linters of North American coupon codes.

Source: GS1 US, North American Coupon Application Guideline Using GS1 DataBar Expanded
Symbols (AI 8110); GS1 AI (8112) Coupon Data Specification.
"""

from .dates import yymmdd
from .fault import Fault, digits_fault

_UP_TO_5 = "12345"
_REQUIREMENT_CODES = "012349"


class _CouponFaultError(Exception):
    """Carries a fault out of the reader."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class _Reader:
    """Reads a coupon's fields from left to right.

    A field of variable length follows one digit that says how long it is.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, code: str, position: int, expected: str) -> None:
        raise _CouponFaultError(Fault(f"coupon_{code}", position, expected))

    def take(self, count: int, name: str, *, code: str = "truncated") -> str:
        """Return the next ``count`` digits."""
        field = self.text[self.at : self.at + count]
        if len(field) < count:
            self.fail(f"{code}_{name}", len(self.text), f"{count} digits")
        self.at += count
        return field

    def digit(self, name: str, allowed: str = "0123456789", *, kind: str = "") -> str:
        """Return the next digit, one of ``allowed``."""
        digit = self.text[self.at : self.at + 1]
        expected = f"one of {allowed}"
        if not digit:
            missing = "_vli" if kind == "_length" else kind
            self.fail(f"missing_{name}{missing}", self.at, expected)
        if digit not in allowed:
            self.fail(f"invalid_{name}{kind}", self.at, expected)
        self.at += 1
        return digit

    def sized(self, name: str, allowed: str = "0123456789", *, more: int = 0) -> None:
        """Skip a length digit, and as many digits as it says and ``more``.

        Where a company prefix may be left out, the length digit 9 says so.
        """
        length = self.digit(name, allowed, kind="_length")
        without = length == "9" and allowed.endswith("69")
        self.take(0 if without else int(length) + more, name)

    def date(self, name: str) -> str:
        """Return the next six digits, a date."""
        start = self.at
        text = self.take(6, f"{name}_date", code="too_short_for")
        if yymmdd(text):
            self.fail(f"invalid_{name}_date", start, "a date YYMMDD")
        return text

    def optional(self, indicator: str) -> bool:
        """Skip ``indicator``, and return whether it was there."""
        if self.text[self.at : self.at + 1] != indicator:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        if self.at != len(self.text):
            self.fail("excess_data", self.at, "the end of the coupon")


def _purchase(reader: _Reader, ordinal: str, *, prefix: bool = True) -> None:
    """Read a purchase: requirement, its code, family code, company prefix."""
    reader.sized(f"{ordinal}_purchase_requirement", _UP_TO_5)
    reader.digit(f"{ordinal}_purchase_requirement", _REQUIREMENT_CODES, kind="_code")
    reader.take(3, f"{ordinal}_purchase_family_code")
    if prefix:
        reader.sized(f"{ordinal}_purchase_gcp", "01234569", more=6)


def _optional_purchases(reader: _Reader) -> None:
    if reader.optional("1"):
        reader.digit("additional_purchase_rules_code", "0123")
        _purchase(reader, "2nd")
    if reader.optional("2"):
        _purchase(reader, "3rd")


def _optional_dates(reader: _Reader) -> None:
    expiration = reader.date("expiration") if reader.optional("3") else ""
    if not reader.optional("4"):
        return
    start = reader.date("start")
    if expiration and start > expiration:
        reader.fail("expiration_before_start", reader.at - 6, f"up to {expiration}")


def _optional_rest(reader: _Reader) -> None:
    if reader.optional("5"):
        reader.sized("serial_number", more=6)
    if reader.optional("6"):
        reader.sized("retailer_gcp_or_gln", "1234567", more=6)
    if reader.optional("9"):
        reader.digit("save_value_code", "01256")
        reader.digit("save_value_applies_to_item", "012")
        reader.digit("store_coupon_flag")
        reader.digit("dont_multiply_flag", "01")


def _read_coupon(reader: _Reader) -> None:
    reader.sized("gcp", "0123456", more=6)
    reader.take(6, "offer_code")
    reader.sized("save_value", _UP_TO_5)
    _purchase(reader, "1st", prefix=False)
    _optional_purchases(reader)
    _optional_dates(reader)
    _optional_rest(reader)
    reader.end()


def _read_positive_offer(reader: _Reader) -> None:
    reader.digit("format_code", "01")
    reader.sized("funder", "0123456", more=6)
    reader.take(6, "offer_code")
    reader.sized("serial_number", more=6)
    reader.end()


def couponcode(value: str) -> Fault | None:
    """Check a coupon of AI 8110.

    >>> couponcode("012345612345611110123")
    >>> couponcode("71234567890123").code
    'coupon_invalid_gcp_length'
    """
    fault = digits_fault(value)
    if fault:
        return fault
    try:
        _read_coupon(_Reader(value))
    except _CouponFaultError as error:
        return error.fault
    return None


def couponposoffer(value: str) -> Fault | None:
    """Check a coupon of AI 8112, whose terms stand in a positive offer file.

    >>> couponposoffer("001234561234560123456")
    >>> couponposoffer("201234561234560123456").code
    'coupon_invalid_format_code'
    """
    fault = digits_fault(value)
    if fault:
        return fault
    try:
        _read_positive_offer(_Reader(value))
    except _CouponFaultError as error:
        return error.fault
    return None
