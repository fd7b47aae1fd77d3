"""What one scanned text says: a unit, a logistic unit, a GTIN, a number, or rubbish.

Scanners return GS1 element strings, Digital Links, plain numbers and the hex of RFID
tags, in whatever state the label and the scanner's settings leave them. Reading never
raises: a :class:`Scan` says what is wrong with itself, so that a list of a thousand
scans can be read and its faults shown side by side.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from .epc import Epc, Tag, from_hex, is_epc_uri
from .errors import EpcError, Gs1Error
from .gs1.check_digit import has_valid_check_digit, is_digits
from .gs1.element_string import DEFAULT_SEPARATORS, WEDGE_SEPARATORS
from .gs1.message import ElementString, Source
from .gs1.scan import parse
from .identity import gtin_14
from .scan_file import MARK

#: The separator of GS1 symbols, and the sign that stands for it where people read it.
GS, GS_SIGN = "\x1d", "␝"
#: Longest text that is shown and stored; longer ones are no scan of a unit.
TEXT_LIMIT = 1000

Kind = Literal["unit", "gtin", "sscc", "epc", "plain", "empty", "rubbish"]

_CONTROL = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_HEX = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{24,64})")
_ELEMENT_STRING = re.compile(
    r"(?:1[1-7]\d{6})*(?:01\d{14}(?:1[0-7]|21|2[0-4]|3|4|7|8|9|$)"
    r"|02\d{14}37|00\d{18}(?:0[12]\d{14}|[1-4]|$))"
)
#: What scanners that type like a keyboard send for the separator: also ``]``, as which
#: Ctrl+] arrives.
_TYPED_SEPARATORS = (*WEDGE_SEPARATORS, "]")
#: A value that swallowed the next application identifier, for want of a separator.
_SWALLOWED = re.compile(r".+?(?:21.+|10.+|1[1-7]\d{6}.*)")
_DATE_AIS = frozenset(("11", "12", "13", "15", "16", "17"))
#: Fault of the parser to fault of a scan, where the identifier does not matter.
_FAULTS = {
    "incorrect_check_digit": "check_digit",
    "illegal_month": "bad_date",
    "illegal_day": "bad_date",
    "illegal_year": "bad_date",
    "outside_charset": "bad_character",
    "unknown_ai": "unknown_ai",
}
#: The same, by identifier.
_FAULTS_OF_AI = {
    ("21", "value_empty"): "empty_serial",
    ("21", "value_too_short"): "empty_serial",
    ("21", "illegal_null"): "empty_serial",
    ("21", "value_too_long"): "serial_too_long",
    ("10", "value_too_long"): "batch_too_long",
}
_GTIN_LENGTHS = (8, 12, 13, 14)
_SSCC_LENGTH = 18
_KEY_LENGTHS = (*_GTIN_LENGTHS, _SSCC_LENGTH)
_DATE_FORMS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Scan:
    """One scanned text, read.

    :param text: what was scanned, control characters made visible.
    :param kind: ``unit`` a product's serial; ``gtin`` a product, perhaps its batch,
        without serial; ``sscc`` a logistic unit; ``epc`` another EPC; ``plain`` a
        text that is no symbol and may be a serial; ``empty``; ``rubbish``.
    :param gtin: 14 digits, checked.
    :param serial: AI 21, or the text itself where it is plain.
    :param fault: snake_case word for what is wrong, None where nothing is.
    :param value: the SSCC or EPC, or what is wrong.
    :param expected: what would have been right, in words.
    :param position: 0-based offset of the fault in the text, None where unknown.
    """

    text: str
    kind: Kind
    gtin: str | None = None
    serial: str | None = None
    batch: str | None = None
    expiry: date | None = None
    production: date | None = None
    fault: str | None = None
    value: str = ""
    expected: str = ""
    position: int | None = None


def read_scan(text: str, today: date, *, typed: bool = False) -> Scan:
    r"""Return what ``text`` says.

    :param text: one scan; :data:`GS_SIGN` may stand for the group separator.
    :param today: decides the century of dates.
    :param typed: a scanner typed the text like a keyboard; what it types for the
        separator, which no keyboard has, is taken for it.

    >>> scan = read_scan("]d201095200011000172132A]10B", date(2026, 11, 22), typed=True)
    >>> scan.kind, scan.gtin, scan.serial, scan.batch
    ('unit', '09520001100017', '32A', 'B')
    >>> read_scan("3074257BF7194E4000001A85", date(2026, 11, 22)).gtin
    '80614141123458'
    >>> read_scan("SN-1", date(2026, 11, 22)).kind
    'plain'
    >>> read_scan("\ufeff010952000110001721A1", date(2026, 11, 22)).kind
    'unit'
    """
    raw = text.strip(f" \t\r\n{MARK}").replace(GS_SIGN, GS)
    shown = visible(raw)
    if not raw.strip(GS):
        return Scan(shown, "empty", fault="empty_line")
    if _CONTROL.search(raw) or len(raw) > TEXT_LIMIT:
        return Scan(shown, "rubbish", fault="unreadable")
    odd = _find_odd_digit(raw)
    if odd is not None:
        return _faulty(shown, "unicode_digits", raw[odd], "digits 0-9", odd)
    return _read(raw, shown, today, typed=typed)


def _read(raw: str, shown: str, today: date, *, typed: bool) -> Scan:
    """Return what a clean text says, by the form it has."""
    if _looks_like_gs1(raw):
        return _read_gs1(raw, shown, today, typed=typed)
    if is_epc_uri(raw):
        return _read_urn(raw, shown)
    tag = _HEX.fullmatch(raw)
    scan = _read_tag(tag[1], shown) if tag else None
    if scan:
        return scan
    gtin = gtin_14(raw)
    if gtin:
        return Scan(shown, "gtin", gtin)
    if len(raw) == _SSCC_LENGTH and has_valid_check_digit(raw):
        return Scan(shown, "sscc", value=raw)
    return Scan(shown, "plain", serial=raw)


# ---- GS1 ----


def _read_gs1(raw: str, shown: str, today: date, *, typed: bool) -> Scan:
    """Return what a symbol says, or what is wrong with it."""
    try:
        message = _parse(raw, typed=typed)
        if message.source is Source.PLAIN_TEXT:
            body = raw[len(message.symbology_identifier) or 3 :]
            return _read(body, shown, today, typed=typed)
        return _read_message(message, shown, today)
    except Gs1Error as error:
        return _read_error(raw, shown, error)


def _parse(raw: str, *, typed: bool) -> ElementString:
    """Return the message of a symbol.

    Stand-ins for the separator are tried where the text is wrong without them: none
    of them may stand in a value, so that a text is never read in two ways.
    """
    if typed:
        return parse(raw, separators=_TYPED_SEPARATORS, required=False)
    if any(written in raw for written in ("<GS>", "<FNC1>")):
        return parse(raw, separators=WEDGE_SEPARATORS, required=False)
    try:
        return parse(raw, separators=DEFAULT_SEPARATORS, required=False)
    except Gs1Error:
        if not any(separator in raw for separator in WEDGE_SEPARATORS):
            raise
    try:
        return parse(raw, separators=WEDGE_SEPARATORS, required=False)
    except Gs1Error:
        return parse(raw, separators=DEFAULT_SEPARATORS, required=False)


def _read_message(message: ElementString, shown: str, today: date) -> Scan:
    gtin, serial, batch = message.gtin, message.serial, message.batch
    if not gtin and message.sscc:
        return Scan(shown, "sscc", value=message.sscc)
    if not gtin and not serial:
        return Scan(shown, "epc", value=shown)
    if not serial and _SWALLOWED.fullmatch(batch) and "21" in batch[1:]:
        return _faulty(shown, "fnc1_missing", batch, "a separator behind the batch")
    return Scan(
        shown,
        ("unit" if serial else "gtin") if gtin else "plain",
        gtin or None,
        serial or None,
        batch or None,
        _day(message.expiry(reference_date=today)),
        _day(message.production_date(reference_date=today)),
    )


def _day(moment: date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _read_error(raw: str, shown: str, error: Gs1Error) -> Scan:
    """Return the scan of a text that the parser refused, with our word for why."""
    ai = _ai_before(raw, error)
    if ai == "00":
        # Wrong or not, it is no unit, which is what matters where one is expected.
        return Scan(shown, "sscc", value=error.value)
    fault = _FAULTS_OF_AI.get((ai, error.code)) or _FAULTS.get(error.code, "malformed")
    if fault in ("serial_too_long", "batch_too_long"):
        if _SWALLOWED.fullmatch(error.value):
            fault = "fnc1_missing"
    elif ai in _DATE_AIS and fault in ("malformed", "bad_character"):
        fault = "bad_date"
    return _faulty(shown, fault, error.value, error.expected, error.position)


def _ai_before(raw: str, error: Gs1Error) -> str:
    """Return the two digits before the value that is wrong, "" where unknown."""
    at = raw.rfind(error.value) if error.value else len(raw)
    return raw[:at].rstrip("/=)")[-2:] if at > 0 else ""


# ---- Files and corrections ----


def read_row(text: str, columns: dict[str, str], today: date) -> Scan:
    """Return what a line of a file says, by its columns where it has some.

    :param columns: see :class:`.scan_file.ScanRow`.

    >>> read_row("", {"gtin": "9520001100017", "serial": "A1"}, date.today()).kind
    'unit'
    """
    if not columns:
        return read_scan(text, today)
    if not columns.get("text") and not columns.get("serial"):
        return _read_without_serial(text, columns)
    scan = _read_cell(columns, today)
    if scan.fault or "serial" not in columns:
        return scan
    return _with_columns(scan, visible(text), columns)


def _read_cell(columns: dict[str, str], today: date) -> Scan:
    """Return what the cell says that names the unit.

    What would be a GTIN or SSCC by its digits is a serial where the column says so.
    """
    text, serial = columns.get("text"), columns.get("serial", "")
    scan = read_scan(text or serial, today)
    if not text and is_digits(serial) and len(serial) in _KEY_LENGTHS:
        return Scan(scan.text, "plain", serial=serial)
    return scan


def _read_without_serial(text: str, columns: dict[str, str]) -> Scan:
    """Return what a row says that names no unit: its product, if that."""
    shown, code = visible(text), columns.get("gtin")
    if not code:
        return _faulty(shown, "empty_serial", "", "a serial number")
    gtin = gtin_14(code)
    if not gtin:
        return _faulty(shown, _gtin_fault(code), code, "a GTIN")
    return Scan(shown, "gtin", gtin, batch=columns.get("batch"))


def _with_columns(scan: Scan, shown: str, columns: dict[str, str]) -> Scan:
    """Return ``scan``, completed by the other columns of its row."""
    values = {"text": shown}
    if scan.kind != "unit" and "gtin" in columns:
        code = columns["gtin"]
        gtin = gtin_14(code)
        if not gtin:
            return _faulty(shown, _gtin_fault(code), code, "a GTIN")
        values |= {"gtin": gtin, "kind": "unit", "serial": columns["serial"]}
    values |= {"batch": scan.batch or columns.get("batch")}
    for name in ("expiry", "production"):
        word = columns.get(name)
        if word and not getattr(scan, name):
            day = _read_date(word)
            if not day:
                return _faulty(shown, "bad_date", word, "a date as 2026-11-22")
            values[name] = day
    return replace(scan, **values)


def corrected_scan(
    text: str,
    *,
    serial: str,
    batch: str = "",
    expiry: date | None = None,
    production: date | None = None,
) -> Scan:
    """Return the scan of a unit that a user entered instead of what was scanned.

    :param text: what was scanned, kept to be shown.
    """
    serial, batch = serial.strip(), batch.strip()
    if not serial:
        return _faulty(text, "empty_serial", "", "a serial number")
    return Scan(text, "plain", None, serial, batch or None, expiry, production)


def visible(text: str) -> str:
    r"""Return ``text`` as it can be shown and stored: no control characters.

    >>> visible("A\x1dB\x00")
    'A␝B�'
    """
    return _CONTROL.sub("\ufffd", text[:TEXT_LIMIT].replace(GS, GS_SIGN))


def _find_odd_digit(raw: str) -> int | None:
    """Return where the first digit of another script stands, or a raised one."""
    if raw.isascii():
        return None
    signs = enumerate(raw)
    return next((at for at, one in signs if one.isdigit() and not one.isascii()), None)


def _looks_like_gs1(raw: str) -> bool:
    return (
        raw.startswith(("]", "("))
        or GS in raw
        or raw[:8].lower().startswith(("http://", "https://"))
        or _ELEMENT_STRING.match(raw) is not None
    )


# ---- EPC ----


def _read_tag(digits: str, shown: str) -> Scan | None:
    """Return what an RFID tag says, None where the digits are no EPC."""
    try:
        return _read_epc(from_hex(digits.upper()).epc, shown)
    except EpcError:
        return None


def _read_urn(raw: str, shown: str) -> Scan:
    try:
        is_tag = is_epc_uri(raw, "urn:epc:tag:")
        return _read_epc(Tag.parse(raw).epc if is_tag else Epc.parse(raw), shown)
    except EpcError as error:
        return _faulty(shown, "malformed", raw, error.expected, error.position)


def _read_epc(epc: Epc, shown: str) -> Scan:
    values = epc.to_element_values()
    if "00" in values:
        return Scan(shown, "sscc", value=values["00"])
    if "01" not in values or "8006" in values:
        return Scan(shown, "epc", value=epc.uri)
    return _unit(shown, values["01"], values.get("21"), values.get("10"))


def _unit(
    shown: str,
    gtin: str,
    serial: str | None,
    batch: str | None = None,
    expiry: date | None = None,
    production: date | None = None,
) -> Scan:
    kind: Kind = "unit" if serial else "gtin"
    return Scan(shown, kind, gtin, serial, batch, expiry, production)


def _faulty(
    shown: str, fault: str, value: str, expected: str, position: int | None = None
) -> Scan:
    return Scan(
        shown,
        "rubbish",
        fault=fault,
        value=visible(value),
        expected=expected,
        position=position,
    )


def _gtin_fault(code: str) -> str:
    right_form = is_digits(code) and len(code) in _GTIN_LENGTHS
    return "check_digit" if right_form else "malformed"


def _read_date(word: str) -> date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(word, form).date()
        except ValueError:
            continue
    return None
