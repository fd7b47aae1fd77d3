"""GS1 Digital Link URIs, uncompressed.

Source: GS1 Digital Link Standard: URI Syntax §4 and §5; RFC 3986.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from ..errors import Gs1Error
from .application_identifiers import ApplicationIdentifier, find_ai
from .associations import check_associations
from .bracketed import written_offset
from .charsets import outsider_search
from .check_digit import is_digits
from .element_string import checked_pairs
from .message import Element, Elements, ElementString, Source
from .values import unknown_ai_error, value_error, value_fault

CANONICAL_DOMAIN = "https://id.gs1.org"
SCHEMES = ("https://", "HTTPS://", "http://", "HTTP://")
#: Names that once could stand for AIs in the path. Deprecated.
CONVENIENCE_ALPHAS = {
    "cpid": "8010",
    "cpsn": "8011",
    "cpv": "22",
    "gcn": "255",
    "gdti": "253",
    "giai": "8004",
    "ginc": "401",
    "gln": "414",
    "glnx": "254",
    "gmn": "8013",
    "grai": "8003",
    "gsin": "402",
    "gsrn": "8018",
    "gsrnp": "8017",
    "gtin": "01",
    "itip": "8006",
    "lot": "10",
    "party": "417",
    "refno": "8020",
    "ser": "21",
    "srin": "8019",
    "sscc": "00",
}

_outside_uri = outsider_search(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "-._~:/?#[]@!$&'()*+,;=%"
)
_BAD_DOMAIN = re.compile(r"[_~?#@!$&'()*+,;=%]")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_GTIN = "01"
_SHORT_GTINS = (8, 12, 13)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the URI and where it starts."""

    text: str
    position: int

    def split(self, separator: str) -> Iterator["_Piece"]:
        position = self.position
        for text in self.text.split(separator):
            yield _Piece(text, position)
            position += len(text) + len(separator)


@dataclass(frozen=True, slots=True)
class _Options:
    """How much is let pass; see :func:`parse_digital_link`."""

    unknown: bool = False
    unknown_attributes: bool = False
    convenience_alphas: bool = False
    zero_suppressed_gtin: bool = False


@dataclass(slots=True)
class _Link:
    """What has been read of a URI."""

    path: list[Element] = field(default_factory=list)
    attributes: list[Element] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def is_digital_link(text: str) -> bool:
    """Return whether ``text`` is written as a Digital Link would be: a web address.

    >>> is_digital_link("https://id.gs1.org/01/09520001100017"), is_digital_link("01")
    (True, False)
    """
    return text.startswith(SCHEMES)


def parse_digital_link(
    uri: str,
    *,
    strict: bool = True,
    required: bool = True,
    unknown_attributes: bool | None = None,
    convenience_alphas: bool = False,
    zero_suppressed_gtin: bool = False,
) -> ElementString:
    """Read a Digital Link URI of any domain.

    :param uri: percent-encoded, with any path before the primary key.
    :param strict: refuse AIs that are not assigned. Otherwise keep them, in the path
        behind the primary key, too; ``unknown`` of the result names them.
    :param required: refuse an AI without those it needs.
    :param unknown_attributes: False refuses AIs that are not assigned as attributes
        even where ``strict`` is False.
    :param convenience_alphas: read ``/gtin/`` as ``/01/`` and the like.
    :param zero_suppressed_gtin: read a GTIN of 8, 12 or 13 digits after ``/01/``.
    :return: path and attributes in their order, positions in ``uri``; query parameters
        that are no AIs in ``ignored``.
    :raises Gs1Error: where anything is wrong; ``position`` says where.

    >>> link = parse_digital_link(
    ...     "https://example.com/x/01/09520001100017/21/32a%2Fb?17=261231&v=1"
    ... )
    >>> link.gtin, link.serial, link.get("17"), link.ignored
    ('09520001100017', '32a/b', '261231', ('v=1',))
    """
    options = _Options(
        unknown=not strict,
        unknown_attributes=not strict and unknown_attributes is not False,
        convenience_alphas=convenience_alphas,
        zero_suppressed_gtin=zero_suppressed_gtin,
    )
    path, query = _split_uri(uri)
    link = _Link()
    _read_path(path, link, options)
    _read_query(query, link, options)
    _check_sequence(link.path)
    _check_attributes(link, options)
    elements = (*link.path, *link.attributes)
    check_associations(elements, required=required)
    return ElementString(elements, Source.DIGITAL_LINK, "", uri, tuple(link.ignored))


# ---- Taking the URI apart ----


def _split_uri(uri: str) -> tuple[_Piece, _Piece]:
    """Return path and query of ``uri``."""
    outsider = _outside_uri(uri)
    if outsider:
        at = outsider.start()
        raise _error(uri, "uri_character", at, "characters of a URI (RFC 3986)")
    scheme = next((one for one in SCHEMES if uri.startswith(one)), "")
    if not scheme:
        raise _error(uri, "uri_scheme", 0, "https:// or http://")
    slash = uri.find("/", len(scheme))
    if slash <= len(scheme):
        raise _error(uri, "uri_domain", len(scheme), "a domain and a path")
    bad = _BAD_DOMAIN.search(uri, len(scheme), slash)
    if bad:
        raise _error(uri, "uri_domain", bad.start(), "characters of a domain")
    rest = uri[slash:].partition("#")[0]
    path, _, query = rest.partition("?")
    return _Piece(path, slash), _Piece(query, slash + len(path) + 1)


def _read_path(path: _Piece, link: _Link, options: _Options) -> None:
    """Read the pairs of AI and value at the end of the path, from the primary key."""
    segments = list(path.split("/"))
    for start in range(len(segments) - 2, 0, -2):
        entry = _path_entry(segments[start].text, options)
        if entry is None:
            break
        if entry.primary_key:
            _read_pairs(segments[start:], link, options)
            return
    raise _error(path.text, "no_primary_key", path.position, "a primary key, as /01/")


def _read_pairs(segments: Sequence[_Piece], link: _Link, options: _Options) -> None:
    for name, value in zip(segments[::2], segments[1::2], strict=True):
        entry = _path_entry(name.text, options)
        if entry is not None:
            padded = options.zero_suppressed_gtin
            element = _read_value(entry, value, padded=padded, in_query=False)
            link.path.append(element)


def _path_entry(name: str, options: _Options) -> ApplicationIdentifier | None:
    if options.convenience_alphas and name in CONVENIENCE_ALPHAS:
        name = CONVENIENCE_ALPHAS[name]
    return find_ai(name, unknown=options.unknown)


def _read_query(query: _Piece, link: _Link, options: _Options) -> None:
    for parameter in query.split("&"):
        name, equals, raw = parameter.text.partition("=")
        if not parameter.text:
            continue
        if not equals or (name and not is_digits(name)):
            link.ignored.append(parameter.text)
            continue
        entry = find_ai(name, unknown=options.unknown)
        if entry is None:
            raise unknown_ai_error(name, parameter.position)
        value = _Piece(raw, parameter.position + len(name) + 1)
        link.attributes.append(_read_value(entry, value, padded=True, in_query=True))


def _read_value(
    entry: ApplicationIdentifier, piece: _Piece, *, padded: bool, in_query: bool
) -> Element:
    """Return the element whose value is written in ``piece``.

    :param padded: fill up a GTIN of 8, 12 or 13 digits.
    :param in_query: a plus sign stands for a space.
    """
    text = piece.text.replace("+", " ") if in_query else piece.text
    value = _ENCODED.sub(lambda match: chr(int(match[1], 16)), text)
    if "\0" in value:
        at = written_offset(_CHARACTER, piece.text, value.index("\0"))
        expected = "no encoded NUL"
        raise _error(piece.text, "illegal_null", piece.position + at, expected)
    if padded and entry.ai == _GTIN and len(value) in _SHORT_GTINS:
        value = value.zfill(14)
    fault = value_fault(entry, value)
    if fault:
        at = written_offset(_CHARACTER, piece.text, fault.position)
        raise value_error(entry, value, fault._replace(position=at), piece.position)
    return Element(entry.ai, value, piece.position)


# ---- Keys, qualifiers and attributes ----


def _fits(qualifiers: Sequence[str], alternative: Sequence[str]) -> bool:
    """Return whether ``qualifiers`` stand in the order of ``alternative``.

    >>> _fits(("22", "21"), ("22", "10", "21")), _fits(("10", "22"), ("22", "10"))
    (True, False)
    """
    rest = iter(alternative)
    return all(qualifier in rest for qualifier in qualifiers)


def _alternatives(ai: str) -> tuple[tuple[str, ...], ...]:
    entry = find_ai(ai)
    return entry.qualifiers if entry else ()


def _qualifiers(path: Sequence[Element]) -> list[str]:
    """Return the AIs behind the primary key that are assigned.

    What is unknown has no place in an order; only lenient parsing gets this far with
    it.
    """
    return [element.ai for element in path[1:] if element.known]


def _check_sequence(path: Sequence[Element]) -> None:
    key, qualifiers = path[0].ai, _qualifiers(path)
    alternatives = _alternatives(key)
    if any(_fits(qualifiers, one) for one in alternatives):
        return
    orders = " or ".join(" ".join(one) for one in alternatives if one)
    raise _error(
        "/".join((key, *qualifiers)),
        "qualifier_sequence",
        path[1].position,
        f"({key}) qualified by {orders}, in this order" if orders else f"({key}) alone",
    )


def _check_attributes(link: _Link, options: _Options) -> None:
    key, qualifiers = link.path[0].ai, _qualifiers(link.path)
    seen = {element.ai for element in link.path}
    for element in link.attributes:
        ai = element.ai
        if ai in seen:
            raise _error(ai, "repeated_ai", element.position, f"({ai}) once")
        seen.add(ai)
        if not _may_be_attribute(ai, unknown=options.unknown_attributes):
            expected = "an AI that may be a data attribute"
            raise _error(ai, "not_an_attribute", element.position, expected)
        if any(ai in one and _fits(qualifiers, one) for one in _alternatives(key)):
            expected = f"({ai}) in the path, after ({key})"
            raise _error(ai, "qualifier_in_query", element.position, expected)


def _may_be_attribute(ai: str, *, unknown: bool) -> bool:
    entry = find_ai(ai)
    return entry.dl_attribute if entry else unknown


# ---- Building ----


def build_digital_link(
    elements: Elements,
    *,
    domain: str = CANONICAL_DOMAIN,
    primary_key: str = "",
    strict: bool = True,
    required: bool = True,
    unknown_attributes: bool = False,
) -> str:
    """Return the Digital Link URI of ``elements``.

    :param domain: scheme, domain and any path to write first.
    :param primary_key: the AI to take as primary key; without it the first element that
        can be one.
    :param strict: refuse AIs that are not assigned.
    :param required: refuse an AI without those it needs.
    :param unknown_attributes: write AIs that are not assigned as attributes; has an
        effect only where ``strict`` is False.
    :return: qualifiers in the path in their order, the rest as attributes, those of a
        predefined length first; what is given twice is written once.
    :raises Gs1Error: where a value does not fit its AI, AIs do not go together, there
        is no primary key or an AI can be neither qualifier nor attribute.

    >>> build_digital_link(
    ...     [("21", "32a/b"), ("01", "09520001100017"), ("11", "260901")]
    ... )
    'https://id.gs1.org/01/09520001100017/21/32a%2Fb?11=260901'
    """
    values: dict[str, str] = {}
    for ai, value in checked_pairs(elements, strict=strict, required=required):
        values.setdefault(ai, value)
    key = _choose_key(values, primary_key)
    path = (key, *_choose_qualifiers(key, values))
    attributes = [ai for ai in values if ai not in path]
    for ai in attributes:
        if not _may_be_attribute(ai, unknown=unknown_attributes):
            expected = "an AI that may be a data attribute"
            raise _error(ai, "not_an_attribute", None, expected)
    attributes.sort(key=_needs_separator)
    url = domain.rstrip("/") + "".join(
        f"/{ai}/{quote(values[ai], safe='')}" for ai in path
    )
    query = "&".join(f"{ai}={quote_plus(values[ai])}" for ai in attributes)
    return f"{url}?{query}" if query else url


def _needs_separator(ai: str) -> bool:
    entry = find_ai(ai, unknown=True)
    return not (entry and entry.predefined)


def _choose_key(values: dict[str, str], primary_key: str) -> str:
    candidates = [primary_key] if primary_key else list(values)
    for ai in candidates:
        if ai in values and _alternatives(ai):
            return ai
    expected = "an element that can be a primary key"
    raise _error(" ".join(candidates), "no_primary_key", None, expected)


def _choose_qualifiers(key: str, values: dict[str, str]) -> tuple[str, ...]:
    """Return the qualifiers to write after ``key``.

    Those sequences come first that leave nothing which may not be an attribute, and
    among them the longest.
    """
    rest = set(values) - {key}
    sequences = [tuple(ai for ai in one if ai in values) for one in _alternatives(key)]

    def quality(sequence: tuple[str, ...]) -> tuple[bool, int]:
        left = rest.difference(sequence)
        return all(_may_be_attribute(ai, unknown=True) for ai in left), len(sequence)

    return max(sequences, key=quality)


def _error(value: str, code: str, position: int | None, expected: str) -> Gs1Error:
    quoted = value if len(value) <= 60 else value[:60] + "..."
    where = "" if position is None else f" at character {position + 1}"
    return Gs1Error(
        f"{quoted!r} is no GS1 Digital Link{where} ({code.replace('_', ' ')}); "
        f"expected: {expected}.",
        code=code,
        value=value,
        expected=expected,
        position=position,
    )
