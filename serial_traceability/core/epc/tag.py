"""EPCs as RFID tags hold them: tag URIs, bits and hex, with their filter values.

One engine for all codings: a row of :data:`CODINGS` says how many bits each field
has, and a :class:`Tag` is checked against its row whichever way it was made.
"""

from dataclasses import dataclass
from typing import Literal

from ..errors import EpcError
from ..gs1.check_digit import is_digits
from .identity import Epc, is_epc_uri
from .schemes import SCHEMES

_URN = "urn:epc:tag:"
_CHAR_BITS = 7
_MAX_FILTER = 7
_LONGEST_PREFIX = 12
#: Bits of the company prefix by partition value; partition 0 has 12 digits, 6 has 6.
#: Source: GS1 EPC Tag Data Standard, the same in every partition table.
PREFIX_BITS = (40, 37, 34, 30, 27, 24, 20)


@dataclass(frozen=True)
class Coding:
    """How a scheme is written in binary.

    :param scheme: the EPC scheme.
    :param header: first eight bits.
    :param bits: length of the whole.
    :param key_bits: of company prefix and reference together.
    :param serial_bits: of the serial, 0 where the coding has none.
    :param serial: as a number or as text of seven bits a character.
    :param reference: as digits of fixed length, as a number without leading zeros, or
        as text.

    Source: GS1 EPC Tag Data Standard, EPC binary encoding.
    """

    scheme: str
    header: int
    bits: int
    key_bits: int
    serial_bits: int = 0
    serial: Literal["number", "text"] = "number"
    reference: Literal["digits", "number", "text"] = "digits"

    @property
    def field_bits(self) -> int:
        """Bits up to the end of the last field; zeros follow."""
        return 14 + self.key_bits + self.serial_bits

    @property
    def hex_digits(self) -> int:
        """Hex digits of the whole in a tag's 16-bit words, as readers report it."""
        return -(-self.bits // 16) * 4

    @property
    def hex_lengths(self) -> frozenset[int]:
        """Lengths of hex that are read: whole words, bytes, or half bytes.

        The standard's own examples stop at the half byte that holds the last bit.
        """
        half_bytes, whole_bytes = -(-self.bits // 4), -(-self.bits // 8) * 2
        return frozenset({half_bytes, whole_bytes, self.hex_digits})


CODINGS: dict[str, Coding] = {
    "sgtin-96": Coding("sgtin", 0x30, 96, 44, 38),
    "sgtin-198": Coding("sgtin", 0x36, 198, 44, 140, serial="text"),
    "sscc-96": Coding("sscc", 0x31, 96, 58),
    "sgln-96": Coding("sgln", 0x32, 96, 41, 41),
    "sgln-195": Coding("sgln", 0x39, 195, 41, 140, serial="text"),
    "grai-96": Coding("grai", 0x33, 96, 44, 38),
    "grai-170": Coding("grai", 0x37, 170, 44, 112, serial="text"),
    "giai-96": Coding("giai", 0x34, 96, 82, reference="number"),
    "giai-202": Coding("giai", 0x38, 202, 188, reference="text"),
}
_BY_HEADER = {coding.header: name for name, coding in CODINGS.items()}

#: What the filter values mean; the others are reserved. Source: GS1 EPC
#: Tag Data Standard, filter values.
FILTER_VALUES: dict[str, dict[int, str]] = {
    "sgtin": {
        0: "all others",
        1: "point of sale trade item",
        2: "full case for transport",
        4: "inner pack trade item grouping",
        6: "unit load",
        7: "unit inside trade item or component inside a product",
    },
    "sscc": {0: "all others", 2: "full case for transport", 6: "unit load"},
    "sgln": {0: "all others"},
    "grai": {0: "all others"},
    "giai": {0: "all others", 1: "rail vehicle"},
}


@dataclass(frozen=True)
class Tag:
    """An EPC as one coding writes it, checked to fit.

    :param epc: the identity.
    :param coding: a name of :data:`CODINGS`.
    :param filter_value: 0 to 7, see :data:`FILTER_VALUES`.
    :raises EpcError: where the identity does not fit the coding.

    Source: GS1 EPC Tag Data Standard 2.2, EPC tag URIs and binary encoding.

    >>> tag = Tag.from_hex("3074257BF7194E4000001A85")
    >>> tag.uri
    'urn:epc:tag:sgtin-96:3.0614141.812345.6789'
    >>> tag.epc.uri
    'urn:epc:id:sgtin:0614141.812345.6789'
    >>> tag.epc.to_element_values()
    {'01': '80614141123458', '21': '6789'}
    """

    epc: Epc
    coding: str
    filter_value: int = 0

    def __post_init__(self) -> None:
        coding = _coding(self.coding)
        if self.epc.scheme != coding.scheme or self.epc.is_class:
            raise _error(
                f"{self.epc.uri} cannot be written as {self.coding}.",
                "scheme",
                self.epc.uri,
                f"one thing of the scheme {coding.scheme}",
            )
        if self.filter_value not in range(_MAX_FILTER + 1):
            raise _error(
                f"Filter value {self.filter_value} is not 0 to 7.",
                "filter",
                str(self.filter_value),
                "0 to 7",
            )
        _fields(coding, self.epc)

    @classmethod
    def shortest(cls, epc: Epc, filter_value: int = 0) -> "Tag":
        """Return ``epc`` in the shortest coding it fits.

        :raises EpcError: where no coding of its scheme is known here.

        >>> Tag.shortest(Epc("sgtin", "0614141", "112345", "0012")).coding
        'sgtin-198'
        """
        names = [name for name, row in CODINGS.items() if row.scheme == epc.scheme]
        for name in names[:-1]:
            try:
                return cls(epc, name, filter_value)
            except EpcError:
                continue  # too long or not a plain number: the next one takes more
        if not names:
            raise _error(
                f"{epc.uri} has no binary form here.",
                "scheme",
                epc.uri,
                "another scheme",
            )
        return cls(epc, names[-1], filter_value)

    @classmethod
    def parse(cls, uri: str) -> "Tag":
        """Return the tag of an EPC tag URI.

        :raises EpcError: where the URI breaks a rule of its coding.

        Source: GS1 EPC Tag Data Standard, EPC tag URIs.

        >>> Tag.parse("urn:epc:tag:sgtin-96:3.0614141.812345.6789").hex
        '3074257BF7194E4000001A85'
        """
        name, _colon, body = uri[len(_URN) :].partition(":")
        filter_value, _dot, dotted = body.partition(".")
        if not is_epc_uri(uri, _URN) or len(filter_value) != 1:
            raise _error(
                f"{uri!r} is no EPC tag URI.",
                "uri",
                uri,
                "urn:epc:tag:<coding>:<filter>.<parts>",
            )
        if not is_digits(filter_value):
            raise _error(
                f"Filter value {filter_value!r} is not 0 to 7.", "filter", uri, "0 to 7"
            )
        epc = Epc.parse(f"urn:epc:id:{_coding(name).scheme}:{dotted}")
        return cls(epc, name, int(filter_value))

    @classmethod
    def from_hex(cls, text: str) -> "Tag":
        """Return the tag that an RFID reader reports as ``text``.

        The header, its first two digits, says which coding it is.

        :param text: hex digits of the EPC memory bank from the header on, upper or
            lower case; in whole 16-bit words, or cut behind the last byte or half
            byte that the coding uses.
        :raises EpcError: where a character is no hex digit, the header is unknown, the
            length is another than the coding's, or a field holds what no EPC has.

        Source: GS1 EPC Tag Data Standard, EPC binary encoding.

        >>> Tag.from_hex("3174257bf4499602d2000000").uri
        'urn:epc:tag:sscc-96:3.0614141.1234567890'
        """
        _check_hex(text)
        name = _BY_HEADER.get(int(text[:2], 16), "")
        if not name:
            raise _error(
                f"Header {text[:2]} of {text} is none of an EPC coding known here.",
                "header",
                text,
                " ".join(f"{header:X}" for header in sorted(_BY_HEADER)),
                position=0,
            )
        coding = CODINGS[name]
        if len(text) not in coding.hex_lengths:
            raise _error(
                f"{text} has {len(text)} hex digits, {name} has {coding.hex_digits}.",
                "odd_hex" if len(text) % 2 else "length",
                text,
                f"{coding.hex_digits} hex digits",
            )
        return cls(*_decoded(name, coding, text))

    @property
    def uri(self) -> str:
        """The EPC tag URI."""
        return f"{_URN}{self.coding}:{self.filter_value}.{self.epc.dotted}"

    @property
    def hex(self) -> str:
        """The binary form as hex, upper case, padded to whole 16-bit words."""
        coding = CODINGS[self.coding]
        value = coding.header << 3 | self.filter_value
        for number, bits in _fields(coding, self.epc):
            value = value << bits | number
        value <<= coding.hex_digits * 4 - coding.field_bits
        return f"{value:0{coding.hex_digits}X}"


def from_hex(text: str) -> Tag:
    """Return the tag that an RFID reader reports as ``text``; see :meth:`Tag.from_hex`.

    >>> from_hex("3474257BF40000000000162E").epc.to_element_values()
    {'8004': '06141415678'}
    """
    return Tag.from_hex(text)


class _Bits:
    """Reads fields off the front of a number of known length."""

    def __init__(self, value: int, length: int) -> None:
        self._value, self._left = value, length

    def take(self, bits: int) -> int:
        """Return the next ``bits`` bits as a number."""
        self._left -= bits
        return self._value >> self._left & ((1 << bits) - 1)


def _decoded(name: str, coding: Coding, text: str) -> tuple[Epc, str, int]:
    """Return what a tag of the right length and header holds."""
    bits = _Bits(int(text, 16), len(text) * 4)
    bits.take(8)
    filter_value, partition = bits.take(3), bits.take(3)
    if partition >= len(PREFIX_BITS):
        raise _error(
            f"{text} has the partition value 7, which no company prefix has.",
            "partition",
            text,
            "0 to 6",
        )
    digits, prefix_bits = _LONGEST_PREFIX - partition, PREFIX_BITS[partition]
    prefix = _number(bits.take(prefix_bits), digits, "company prefix", text)
    reference = _reference(
        coding, bits.take(coding.key_bits - prefix_bits), digits, text
    )
    serial = None
    if coding.serial_bits:
        number = bits.take(coding.serial_bits)
        serial = str(number)
        if coding.serial == "text":
            serial = _text(number, coding.serial_bits, text)
    padding = len(text) * 4 - coding.field_bits
    if bits.take(padding):
        raise _error(
            f"{text} has bits set behind the last field of {name}, where all are zero.",
            "padding",
            text,
            f"{padding} zero bits at the end",
        )
    return Epc(coding.scheme, prefix, reference, serial), name, filter_value


def _reference(coding: Coding, number: int, prefix_digits: int, text: str) -> str:
    """Return the reference that a field holds."""
    if coding.reference == "number":
        return str(number)
    if coding.reference == "text":
        bits = coding.key_bits - PREFIX_BITS[_LONGEST_PREFIX - prefix_digits]
        return _text(number, bits, text)
    digits = SCHEMES[coding.scheme].digits - prefix_digits
    return _number(number, digits, "reference", text)


def _fields(coding: Coding, epc: Epc) -> list[tuple[int, int]]:
    """Return the fields from the partition on, each as number and bits.

    :raises EpcError: where one does not fit its bits.
    """
    partition = _LONGEST_PREFIX - len(epc.company_prefix)
    prefix_bits = PREFIX_BITS[partition]
    bits = coding.key_bits - prefix_bits
    fields = [(partition, 3), (int(epc.company_prefix), prefix_bits)]
    if coding.reference == "digits":
        fields.append((int(epc.reference or 0), bits))
    elif coding.reference == "number":
        fields.append((_plain_number(epc.reference, bits, "reference"), bits))
    else:
        fields.append((_packed(epc.reference, bits, "reference"), bits))
    if coding.serial_bits:
        pack = _packed if coding.serial == "text" else _plain_number
        bits = coding.serial_bits
        fields.append((pack(epc.serial or "", bits, "serial"), bits))
    return fields


def _plain_number(text: str, bits: int, what: str) -> int:
    """Return the number ``text``, which has no leading zeros and fits ``bits``."""
    if not is_digits(text) or (text[0] == "0" and text != "0") or len(text) > bits:
        raise _error(
            f"{what} {text!r} does not fit: a number without leading zeros expected.",
            what,
            text,
            f"0 to {(1 << bits) - 1}",
        )
    if int(text) >> bits:
        raise _error(
            f"{what} {text} does not fit {bits} bits: at most {(1 << bits) - 1}.",
            what,
            text,
            f"0 to {(1 << bits) - 1}",
        )
    return int(text)


def _packed(text: str, bits: int, what: str) -> int:
    """Return ``text`` in seven bits a character, from the left of ``bits``."""
    if len(text) * _CHAR_BITS > bits:
        raise _error(
            f"{what} {text!r} does not fit {bits} bits.",
            what,
            text,
            f"at most {bits // _CHAR_BITS} characters",
        )
    number = 0
    for char in text:
        number = number << _CHAR_BITS | ord(char)
    return number << (bits - len(text) * _CHAR_BITS)


def _text(number: int, bits: int, text: str) -> str:
    """Return the text in a field, which ends at the first zero character."""
    field = _Bits(number, bits)
    codes = [field.take(_CHAR_BITS) for _ in range(bits // _CHAR_BITS)]
    count = codes.index(0) if 0 in codes else len(codes)
    if field.take(bits % _CHAR_BITS) or any(codes[count:]):
        raise _error(
            f"{text} has characters behind the end of a text field.",
            "padding",
            text,
            "zero bits behind the text",
        )
    return "".join(map(chr, codes[:count]))


def _number(number: int, digits: int, what: str, text: str) -> str:
    """Return ``number`` in exactly ``digits`` digits."""
    if number >= 10**digits:
        raise _error(
            f"{text} has the {what} {number}, which has more than {digits} digits.",
            what.replace(" ", "_"),
            text,
            f"at most {digits} digits",
        )
    return f"{number:0{digits}d}" if digits else ""


def _coding(name: str) -> Coding:
    """Return the row of the coding table."""
    if name not in CODINGS:
        raise _error(
            f"{name!r} is no EPC coding known here.", "coding", name, ", ".join(CODINGS)
        )
    return CODINGS[name]


def _check_hex(text: str) -> None:
    """Check that ``text`` is hex and has a header."""
    digits = "0123456789abcdefABCDEF"
    at = next((at for at, char in enumerate(text) if char not in digits), None)
    if at is not None:
        raise _error(
            f"{text!r} has {text[at]!r} at position {at}, which is no hex digit.",
            "hex",
            text,
            "hex digits",
            position=at,
        )
    if len(text) < len("30"):
        raise _error(
            f"{text!r} is too short for an EPC header.",
            "length" if text else "empty",
            text,
            "at least two hex digits",
        )


def _error(
    message: str, code: str, value: str, expected: str, *, position: int | None = None
) -> EpcError:
    return EpcError(
        message, code=code, value=value, expected=expected, position=position
    )
