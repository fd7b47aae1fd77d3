"""EPC pure identities: URI, GS1 element strings, and the checks between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from ..errors import EpcError, Gs1Error
from ..gs1.check_digit import check_digit, has_valid_check_digit, is_digits
from ..gs1.keys import Gtin, split_prefix
from .escape import escape, unescape
from .schemes import EPC_PREFIX_LENGTHS, SCHEMES, Scheme, Serial

_URN = "urn:epc:"
_ANY = "*"


@dataclass(frozen=True)
class Epc:
    """One EPC, checked: whatever holds an ``Epc`` holds a valid identity.

    :param scheme: a name of :data:`~.schemes.SCHEMES`, as ``sgtin``.
    :param company_prefix: GS1 Company Prefix, 6 to 12 digits.
    :param reference: what follows it in the URI, with the indicator or extension
        digit in front where the scheme has one.
    :param serial: serial, extension or lot, unescaped. None for all things of the
        class (``urn:epc:idpat:sgtin:4012345.066666.*``).
    :param parts: the further numbers of an ``itip``.

    Source: GS1 EPC Tag Data Standard 2.2, EPC URIs.

    >>> epc = Epc.parse("urn:epc:id:sgtin:0614141.112345.32a%2Fb")
    >>> epc.serial, epc.to_element_values()
    ('32a/b', {'01': '10614141123459', '21': '32a/b'})
    """

    scheme: str
    company_prefix: str
    reference: str
    serial: str | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = _shape(self.scheme)
        _check_prefix(self.company_prefix)
        _check_reference(shape, self.company_prefix, self.reference)
        if tuple(map(len, self.parts)) != shape.parts or not all(
            map(is_digits, self.parts)
        ):
            raise _error(
                f"{self.scheme} has the parts {self.parts}, expected digits.",
                "parts",
                ".".join(self.parts),
                f"numbers of {shape.parts} digits",
            )
        _check_serial(self.scheme, shape, self.serial)

    @classmethod
    def parse(cls, uri: str) -> "Epc":
        """Return the EPC of a pure identity, class or class-pattern URI.

        :param uri: ``urn:epc:id:…``, ``urn:epc:class:lgtin:…``, or
            ``urn:epc:idpat:…`` where only the serial is ``*``.
        :raises EpcError: where the URI breaks a rule of its scheme.

        Source: GS1 EPC Tag Data Standard, EPC URIs and pure identity patterns.

        >>> Epc.parse("urn:epc:id:sscc:0614141.1234567890").to_element_values()
        {'00': '106141412345678908'}
        """
        kind, name, body = _split_uri(uri)
        shape = _shape(name)
        if kind not in ("idpat", shape.kind):
            raise _error(
                f"{uri!r} is of kind {kind!r}, {name} is written with {shape.kind!r}.",
                "kind",
                uri,
                f"urn:epc:{shape.kind}:{name}:…",
            )
        return cls._from_body(name, shape, body, is_pattern=kind == "idpat")

    @classmethod
    def _from_body(
        cls, name: str, shape: Scheme, body: str, *, is_pattern: bool
    ) -> "Epc":
        """Return the EPC of the dotted part of a URI."""
        count = 2 + len(shape.parts) + bool(shape.serial)
        fields = body.split(".", count - 1)
        if len(fields) < count:
            raise _error(
                f"{body!r} has {len(fields)} parts, a {name} URI has {count}.",
                "parts",
                body,
                f"{count} parts with dots between",
            )
        reference = unescape(fields[1], shape.reference)
        serial = fields.pop() if shape.serial else None
        if is_pattern != (serial == _ANY):
            raise _error(
                f"{body!r} does not fit: {_ANY!r} stands for the serial in an idpat URI"
                " and only there.",
                "pattern",
                body,
                "a serial in an id URI, * in an idpat URI",
            )
        if shape.serial and not is_pattern:
            serial = unescape(serial, shape.serial.characters)
        return cls(
            name,
            fields[0],
            reference,
            None if is_pattern else serial,
            tuple(fields[2:]),
        )

    @property
    def is_class(self) -> bool:
        """Whether this names a kind of thing (a GTIN, a lot) and no single thing."""
        shape = SCHEMES[self.scheme]
        return shape.kind == "class" or (bool(shape.serial) and self.serial is None)

    @property
    def uri(self) -> str:
        """The canonical URI, escapes in upper case.

        >>> Epc("sgln", "061414112345", "", "32a/b").uri
        'urn:epc:id:sgln:061414112345..32a%2Fb'
        """
        shape = SCHEMES[self.scheme]
        kind = "idpat" if shape.serial and self.serial is None else shape.kind
        return f"{_URN}{kind}:{self.scheme}:{self.dotted}"

    @property
    def dotted(self) -> str:
        """The part of the URI behind the scheme, as tag URIs have it too."""
        fields = [self.company_prefix, escape(self.reference), *self.parts]
        if SCHEMES[self.scheme].serial:
            fields.append(_ANY if self.serial is None else escape(self.serial))
        return ".".join(fields)

    def to_element_values(self) -> dict[str, str]:
        """Return the GS1 element string as application identifier → value.

        :return: keys in the order they are written, the check digit computed. An SGLN
            without extension has no AI 254.

        Source: GS1 EPC Tag Data Standard, correspondence of EPCs and GS1 keys.

        >>> Epc("grai", "0614141", "12345", "5678").to_element_values()
        {'8003': '006141411234525678'}
        """
        shape = SCHEMES[self.scheme]
        serial = shape.serial
        key = self._key(shape)
        if not serial or self.serial in (None, serial.none):
            return {shape.ai: key}
        if not serial.ai:
            return {shape.ai: key + self.serial}
        return {shape.ai: key, serial.ai: self.serial}

    def _key(self, shape: Scheme) -> str:
        """Return the GS1 key without serial."""
        if shape.is_textual:
            return self.company_prefix + self.reference
        moved = 1 if shape.moved else 0
        body = self.reference[:moved] + self.company_prefix + self.reference[moved:]
        return shape.lead + body + check_digit(shape.lead + body) + "".join(self.parts)

    @classmethod
    def from_element_values(
        cls,
        values: Mapping[str, str],
        *,
        company_prefix: str | None = None,
        prefix_length: int | None = None,
    ) -> "Epc":
        """Return the EPC of a GS1 element string, the finest it identifies.

        Further application identifiers (expiry, lot beside a serial) are left out.

        :param values: application identifier → value, as
            ``{"01": "10614141123459", "21": "6789"}``.
        :param company_prefix: GS1 Company Prefix of the key; it comes first.
        :param prefix_length: its length, 6 to 12, where the prefix is not at hand.
        :raises EpcError: where no key is there, the key or its check digit is wrong,
            the prefix is not the key's, or neither prefix nor length is given.

        Source: GS1 EPC Tag Data Standard, correspondence of EPCs and GS1 keys.

        >>> values = {"01": "10614141123459", "21": "6789"}
        >>> Epc.from_element_values(values, prefix_length=7).uri
        'urn:epc:id:sgtin:0614141.112345.6789'
        """
        name = _scheme_of(values)
        shape = SCHEMES[name]
        number, parts, serial = _key_parts(name, shape, values)
        moved = number[:1] if shape.moved else ""
        try:
            prefix, rest = split_prefix(
                number[len(moved) :], company_prefix, prefix_length
            )
        except Gs1Error as error:
            raise _error(
                error.message, error.code, error.value, error.expected
            ) from error
        return cls(name, prefix, moved + rest, serial, parts)


def sgtin(
    gtin: str,
    serial: str,
    *,
    company_prefix: str | None = None,
    prefix_length: int | None = None,
) -> Epc:
    """Return the SGTIN of a serial of a trade item.

    :param gtin: 8, 12, 13 or 14 digits.
    :param serial: AI 21, 1 to 20 characters of set 82.
    :raises EpcError: as :meth:`Epc.from_element_values`; Gs1Error where the GTIN is
        wrong.

    >>> sgtin("0614141123452", "400", prefix_length=7).uri
    'urn:epc:id:sgtin:0614141.012345.400'
    """
    values = {"01": Gtin.parse(gtin).gtin14, "21": serial}
    return Epc.from_element_values(
        values, company_prefix=company_prefix, prefix_length=prefix_length
    )


def lgtin(
    gtin: str,
    lot: str,
    *,
    company_prefix: str | None = None,
    prefix_length: int | None = None,
) -> Epc:
    """Return the LGTIN, the class of what a lot of a trade item holds.

    :param gtin: 8, 12, 13 or 14 digits.
    :param lot: AI 10, 1 to 20 characters of set 82.
    :raises EpcError: as :meth:`Epc.from_element_values`; Gs1Error where the GTIN is
        wrong.

    >>> lgtin("04012345123456", "998877", prefix_length=7).uri
    'urn:epc:class:lgtin:4012345.012345.998877'
    """
    values = {"01": Gtin.parse(gtin).gtin14, "10": lot}
    return Epc.from_element_values(
        values, company_prefix=company_prefix, prefix_length=prefix_length
    )


def is_epc_uri(uri: str, start: str = _URN) -> bool:
    """Return whether ``uri`` starts as ``start`` says, and so is meant as an EPC URI.

    Only ``urn`` and ``epc`` may be written in capitals; the rest of the URI is as the
    Tag Data Standard has it.

    :param start: ``urn:epc:`` and what must follow it.

    Source: RFC 8141 §3.1 (scheme and namespace identifier).

    >>> is_epc_uri("URN:EPC:id:sscc:0614141.1234567890"), is_epc_uri("urn:isbn:1")
    (True, False)
    """
    head, rest = uri[: len(_URN)], uri[len(_URN) :]
    return head.lower() == _URN and rest.startswith(start[len(_URN) :])


def _split_uri(uri: str) -> tuple[str, str, str]:
    """Return kind, scheme name and dotted part of an EPC URI."""
    fields = uri.split(":", 4)
    if len(fields) < 5 or not is_epc_uri(uri):
        raise _error(
            f"{uri!r} is no EPC URI.", "uri", uri, "urn:epc:id:<scheme>:<parts>"
        )
    return fields[2], fields[3], fields[4]


def _shape(name: str) -> Scheme:
    """Return the row of the scheme table."""
    if name not in SCHEMES:
        raise _error(
            f"{name!r} is no EPC scheme known here.", "scheme", name, ", ".join(SCHEMES)
        )
    return SCHEMES[name]


def _check_prefix(prefix: str) -> None:
    if not is_digits(prefix) or len(prefix) not in EPC_PREFIX_LENGTHS:
        raise _error(
            f"{prefix!r} is no GS1 Company Prefix for an EPC: 6 to 12 digits expected.",
            "prefix",
            prefix,
            "6 to 12 digits",
        )


def _check_reference(shape: Scheme, prefix: str, reference: str) -> None:
    """Check the reference's characters and length."""
    room = shape.digits - len(prefix)
    fits = 1 <= len(reference) <= room if shape.is_textual else len(reference) == room
    if not fits or not shape.reference.issuperset(reference):
        wanted = f"1 to {room} characters" if shape.is_textual else f"{room} digits"
        raise _error(
            f"Reference {reference!r} does not fit behind the prefix {prefix}:"
            f" {wanted} expected.",
            "reference",
            reference,
            wanted,
        )


def _check_serial(name: str, shape: Scheme, serial: str | None) -> None:
    """Check that a serial is there where the scheme has one, and fits."""
    if serial is None:
        needed = shape.kind == "class" or bool(shape.serial and shape.serial.none)
        if needed:
            raise _error(f"{name} needs a serial.", "serial_missing", "", "a serial")
    elif not shape.serial:
        raise _error(f"{name} has no serial.", "serial", serial, "no serial")
    elif not _fits(shape.serial, serial):
        raise _error(
            f"Serial {serial!r} does not fit {name}: 1 to {shape.serial.maximum}"
            f" {_words(shape.serial)} expected.",
            "serial",
            serial,
            f"1 to {shape.serial.maximum} {_words(shape.serial)}",
        )


def _fits(rule: Serial, serial: str) -> bool:
    has_right_zeros = rule.leading_zeros or serial == "0" or serial[:1] != "0"
    return (
        1 <= len(serial) <= rule.maximum
        and rule.characters.issuperset(serial)
        and has_right_zeros
    )


def _words(rule: Serial) -> str:
    if len(rule.characters) == len("0123456789"):
        return "digits" if rule.leading_zeros else "digits without leading zeros"
    return "characters of set 82"


def _scheme_of(values: Mapping[str, str]) -> str:
    """Return the scheme that names the finest thing the element string identifies."""
    keys = [name for name, shape in SCHEMES.items() if shape.ai in values]
    for name in keys:
        serial = SCHEMES[name].serial
        if not serial or serial.none or not serial.ai or serial.ai in values:
            return name
    if not keys:
        raise _error(
            f"No GS1 key that an EPC can be made of in ({') ('.join(values)}).",
            "key_missing",
            "",
            "a key as AI 01, 00, 414, 8003 or 8004",
        )
    return keys[0]


def _key_parts(
    name: str, shape: Scheme, values: Mapping[str, str]
) -> tuple[str, tuple[str, ...], str | None]:
    """Return the key's number without lead and check digit, its parts, its serial."""
    key, rule = values[shape.ai], shape.serial
    if shape.is_textual:
        return key, (), values.get(rule.ai) if rule else None
    start, end = len(shape.lead), len(shape.lead) + shape.digits + 1
    number, rest = key[start:end], key[end:]
    room = sum(shape.parts)
    has_serial_behind = bool(rule) and not rule.ai
    if (
        not key.startswith(shape.lead)
        or len(number) <= shape.digits
        or len(rest) < room
        or (len(rest) > room and not has_serial_behind)
    ):
        raise _error(
            f"({shape.ai}) {key!r} has the wrong length or start.",
            "key",
            key,
            f"{shape.lead}{'N' * (shape.digits + 1 + room)}",
        )
    if not has_valid_check_digit(number):
        raise _error(
            f"({shape.ai}) {key!r} has a wrong check digit or a character that is no"
            " digit.",
            "check_digit",
            key,
            "digits with the check digit right",
            position=end - 1,
        )
    if has_serial_behind:
        return number[:-1], (), rest or None
    return number[:-1], _parts(shape, rest), _serial_in(name, rule, values)


def _parts(shape: Scheme, text: str) -> tuple[str, ...]:
    """Return the further numbers that stand behind the check digit."""
    ends = list(accumulate(shape.parts))
    return tuple(
        text[end - length : end] for length, end in zip(shape.parts, ends, strict=True)
    )


def _serial_in(name: str, rule: Serial | None, values: Mapping[str, str]) -> str | None:
    """Return the serial in its own application identifier, or the word for none."""
    if not rule:
        return None
    serial = values.get(rule.ai)
    if rule.none and serial == rule.none:
        raise _error(
            f"({rule.ai}) {serial!r} has no EPC: {name} writes it for 'none'.",
            "serial",
            serial,
            f"another value, or no ({rule.ai})",
        )
    return serial if serial is not None else rule.none or None


def _error(
    message: str, code: str, value: str, expected: str, *, position: int | None = None
) -> EpcError:
    return EpcError(
        message, code=code, value=value, expected=expected, position=position
    )
