"""What readers deliver: which form a scanned text has, and what it says.

Source: ISO/IEC 15424 (symbology identifiers); GS1 General Specifications §5.1.3 and
§7.2 (which symbols carry GS1 data).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..errors import Gs1Error
from .associations import check_associations
from .bracketed import parse_bracketed
from .check_digit import has_valid_check_digit, is_digits
from .digital_link import is_digital_link, parse_digital_link
from .element_string import (
    DEFAULT_SEPARATORS,
    GS1_SYMBOLOGIES,
    build_element_string,
    parse_element_string,
    read_elements,
)
from .message import Element, Elements, ElementString, Source, pairs

#: EAN and UPC symbols, with the number of digits they transmit.
_RETAIL_LENGTHS = {"]E0": 13, "]E3": 13, "]E4": 8}
_ADD_ON_LENGTHS = (2, 5)
#: Interleaved 2 of 5; with 14 digits and a check digit, ITF-14.
_ITF = ("]I0", "]I1")
#: Symbols that carry any text: Code 39, Code 93, Code 128, PDF417, Data Matrix, QR
#: Code, DotCode, Aztec, MaxiCode, add-ons alone and others.
_PLAIN = re.compile(
    r"\](?:A[0-7]|G0|C[024]|L[0-5]|d[01]|Q[0-2]|J0|z0|U[0-3]|E[12]|I3|X0)"
)
_COMPOSITE = "|]e0"
_GTIN_LENGTHS = (8, 12, 13, 14)
_RECORD_END = "\r\n"


def parse(
    text: str,
    *,
    separators: Sequence[str] = DEFAULT_SEPARATORS,
    strict: bool = True,
    required: bool = True,
    convenience_alphas: bool = False,
    zero_suppressed_gtin: bool = False,
    unknown_attributes: bool | None = None,
) -> ElementString:
    """Read what a reader delivered, whatever form it has.

    With a symbology identifier, that says what follows: an element string, the GTIN of
    an EAN, UPC or ITF-14 symbol, or plain text, which may be a Digital Link. Without
    one, it is a Digital Link, a bracketed element string or else an element string. As
    many digits as a GTIN has (8, 12, 13 or 14) and nothing else are always a GTIN: with
    a wrong digit, most of them would pass for an element string of internal AIs.

    :param text: a line end after it is left out.
    :param separators: what stands for FNC1 in an element string.
    :param strict: as for the parser of the form.
    :param required: refuse an AI without those it needs. False where the other symbols
        of an item may have them.
    :param convenience_alphas: as for :func:`.digital_link.parse_digital_link`.
    :param zero_suppressed_gtin: likewise.
    :param unknown_attributes: likewise.
    :return: the message. Plain text, where an identifier announces it, gives a message
        without elements whose source is :attr:`Source.PLAIN_TEXT`.
    :raises Gs1Error: where the text is not what GS1 asks for.

    >>> (
    ...     parse("]E09520001100017").gtin,
    ...     parse("https://id.gs1.org/00/395200010000000011"),
    ... )
    ... # doctest: +ELLIPSIS
    ('09520001100017', ElementString(elements=(Element(ai='00', ...
    """
    data = text.rstrip(_RECORD_END)
    identifier = data[:3] if data.startswith("]") else ""
    body = data[len(identifier) :]
    if is_digital_link(body) and (not identifier or _PLAIN.fullmatch(identifier)):
        link = parse_digital_link(
            body,
            strict=strict,
            required=required,
            unknown_attributes=unknown_attributes,
            convenience_alphas=convenience_alphas,
            zero_suppressed_gtin=zero_suppressed_gtin,
        )
        return _placed(link, identifier, text)
    if identifier and identifier not in GS1_SYMBOLOGIES:
        return _parse_other(identifier, text, data, strict=strict, required=required)
    if not identifier and body.startswith("("):
        return replace(
            parse_bracketed(data, strict=strict, required=required), text=text
        )
    if not identifier and len(body) in _GTIN_LENGTHS and is_digits(body):
        return replace(parse_gtin(body), text=text)
    message = parse_element_string(
        data, separators=separators, strict=strict, required=required
    )
    return message if data == text else replace(message, text=text)


def parse_gtin(text: str) -> ElementString:
    """Read a plain GTIN-8, GTIN-12, GTIN-13 or GTIN-14.

    :return: a message with the GTIN as AI 01, in 14 digits.
    :raises Gs1Error: where the characters, their number or the check digit are wrong.

    >>> parse_gtin("9520001100017").gtin
    '09520001100017'
    """
    if not is_digits(text) or len(text) not in _GTIN_LENGTHS:
        raise _error(text, "gtin_length", 0, "8, 12, 13 or 14 digits")
    if not has_valid_check_digit(text):
        at = len(text) - 1
        raise _error(text, "incorrect_check_digit", at, "the right check digit")
    return _gtin_message(text, text, 0)


def _gtin_message(text: str, digits: str, start: int) -> ElementString:
    element = Element("01", digits.zfill(14), start)
    return ElementString((element,), Source.GTIN, text[:start], text)


def _placed(message: ElementString, identifier: str, text: str) -> ElementString:
    """Return ``message`` with positions that count from the identifier on."""
    if not identifier:
        return replace(message, text=text)
    elements = tuple(
        replace(one, position=(one.position or 0) + len(identifier)) for one in message
    )
    return replace(
        message, elements=elements, symbology_identifier=identifier, text=text
    )


def _parse_other(
    identifier: str, text: str, data: str, *, strict: bool, required: bool
) -> ElementString:
    """Read a symbol that does not carry an element string."""
    if identifier in _RETAIL_LENGTHS:
        return _parse_retail(identifier, text, data, strict=strict, required=required)
    body = data[3:]
    if identifier in _ITF:
        if len(body) == 14 and has_valid_check_digit(body):
            return _gtin_message(text, body, 3)
        return ElementString((), Source.PLAIN_TEXT, identifier, text)
    if _PLAIN.fullmatch(identifier):
        return ElementString((), Source.PLAIN_TEXT, identifier, text)
    raise _error(identifier, "symbology_identifier", 0, "a known symbology identifier")


def _parse_retail(
    identifier: str, text: str, data: str, *, strict: bool, required: bool
) -> ElementString:
    """Read an EAN or UPC symbol, with any composite part or add-on."""
    length = _RETAIL_LENGTHS[identifier]
    linear, composite, rest = data[3:].partition(_COMPOSITE)
    digits, add_on = linear, ""
    if identifier == "]E3" and len(linear) - length in _ADD_ON_LENGTHS:
        digits, add_on = linear[:length], linear[length:]
    if not is_digits(linear) or len(digits) != length:
        raise _error(linear, "gtin_length", 3, f"{length} digits")
    if not has_valid_check_digit(digits):
        at = 3 + len(digits) - 1
        raise _error(digits, "incorrect_check_digit", at, "the right check digit")
    message = _gtin_message(text, digits, 3)
    elements = message.elements
    if composite:
        start = len(data) - len(rest)
        elements += read_elements(
            data, start, separators=DEFAULT_SEPARATORS, unknown=not strict
        )
        check_associations(elements, required=required)
    return replace(message, elements=elements, ignored=(add_on,) if add_on else ())


def build_scan_data(
    elements: Elements, *, symbology_identifier: str, required: bool = True
) -> str:
    """Return what a reader transmits for a symbol that carries ``elements``.

    :param symbology_identifier: one of GS1's element string symbols, or ``]E0``,
        ``]E4`` or ``]I1`` for a symbol with a GTIN; what follows the GTIN then is the
        composite part of an EAN or UPC symbol.
    :param required: refuse an AI without those it needs.
    :raises Gs1Error: where the symbol cannot carry the elements.

    >>> build_scan_data([("01", "09520001100017")], symbology_identifier="]E0")
    ']E09520001100017'
    """
    if symbology_identifier in GS1_SYMBOLOGIES:
        return build_element_string(
            elements, symbology_identifier=symbology_identifier, required=required
        )
    given = pairs(elements)
    build_element_string(given, required=required)
    length = {"]I1": 14, "]E0": 13, "]E4": 8}.get(symbology_identifier)
    if length is None:
        expected = "a symbology that carries GS1 data"
        raise _error(symbology_identifier, "symbology_identifier", 0, expected)
    (ai, gtin), rest = given[0], given[1:]
    if ai != "01" or gtin[: 14 - length].strip("0") or (rest and length == 14):
        raise _error(gtin, "gtin_length", None, f"a GTIN of {length} digits first")
    linear = symbology_identifier + gtin[14 - length :]
    if not rest:
        return linear
    return f"{linear}{_COMPOSITE}{build_element_string(rest, required=False)}"


def _error(value: str, code: str, position: int | None, expected: str) -> Gs1Error:
    quoted = value if len(value) <= 60 else value[:60] + "..."
    return Gs1Error(
        f"{quoted!r} is not what such a symbol carries ({code.replace('_', ' ')}); "
        f"expected: {expected}.",
        code=code,
        value=value,
        expected=expected,
        position=position,
    )
