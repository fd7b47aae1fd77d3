"""URIs in EPCIS events and the one form of them that the event hash knows.

CBV 2.0, event hash IDs, rules 17 and 18: whatever names a GS1 key, URN or Digital Link
of any domain, becomes ``https://id.gs1.org/…`` with the finest identification only.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from ..epc.identity import Epc
from ..errors import EpcError

_DOMAIN = "https://id.gs1.org"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-\[\]_a-z~]+\Z")
_HTTP = re.compile(r"https?://[^/?#]+/([^?#]*)", re.IGNORECASE)
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_CHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@\"]|%[0-9A-Fa-f]{2})"
_NUMBERED = r"(?=\d{4})" + _CHAR + "{1,30}"


class _Key(NamedTuple):
    """A primary key in a Digital Link path.

    :param value: pattern of its value.
    :param kept: qualifiers that stay, the finest first.
    :param dropped: qualifiers that may be there and go.
    """

    value: str
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


_KEYS = {
    "00": _Key(r"\d{18}"),
    "01": _Key(r"\d{12,14}|\d{8}", ("21", "235", "10"), ("22",)),
    "253": _Key(r"\d{13}" + _CHAR + "{0,17}"),
    "255": _Key(r"\d{13,25}"),
    "401": _Key(_NUMBERED),
    "402": _Key(r"\d{17}"),
    "414": _Key(r"\d{13}", ("254",)),
    "417": _Key(r"\d{13}"),
    "8003": _Key(r"\d{14}" + _CHAR + "{0,16}"),
    "8004": _Key(_NUMBERED),
    "8006": _Key(r"\d{18}", ("21", "10"), ("22",)),
    "8010": _Key(_NUMBERED, ("8011",)),
    "8017": _Key(r"\d{18}", (), ("8019",)),
    "8018": _Key(r"\d{18}", (), ("8019",)),
}
_VALUES = {ai: re.compile(rf"(?:{key.value})\Z") for ai, key in _KEYS.items()}
#: The words that Digital Link 1.0 allowed for application identifiers.
_ALIASES = {
    "sscc": "00", "gtin": "01", "gdti": "253", "gcn": "255", "ginc": "401",
    "gsin": "402", "gln": "414", "party": "417", "grai": "8003", "giai": "8004",
    "itip": "8006", "cpid": "8010", "gsrnp": "8017", "gsrn": "8018",
    "lot": "10", "ser": "21", "cpv": "22", "cpsn": "8011",
}  # fmt: skip
# What the ledger itself writes is canonical as it is: told in one step.
_is_canonical = re.compile(
    _DOMAIN
    + r"/(?:01/\d{14}(?:/(?:21|10)/[^/?#%]*(?:%[0-9A-F]{2}[^/?#%]*)*(?<!/))?"
    + r"|00/\d{18}|41[47]/\d{13})\Z"
).match


def is_uri(text: str) -> bool:
    """Return whether ``text`` is an absolute URI without white space.

    Source: RFC 3986 §4.3.

    >>> is_uri("urn:epc:id:sscc:0614141.1234567890"), is_uri("receiving")
    (True, False)
    """
    return bool(_URI.match(text))


def canonical_uri(uri: str) -> str:
    """Return the form of ``uri`` that goes into the event hash.

    A URN of an EPC, class or pattern becomes a Digital Link; a Digital Link loses
    its domain, query, fragment and every qualifier but the finest. A URI that names
    no GS1 key stays as it is. Escapes that a Digital Link came with stay, in upper
    case; those of a URN are the ones that GS1's published hashes have.

    Source: CBV 2.0, event hash IDs, rules 17 and 18; GS1 Digital Link Standard: URI
    Syntax.

    >>> canonical_uri("urn:epc:id:sgln:0614141.07346.1234")
    'https://id.gs1.org/414/0614141073467/254/1234'
    >>> canonical_uri("https://example.com/gtin/09780345418913/10/A/21/7?17=261231")
    'https://id.gs1.org/01/09780345418913/21/7'
    """
    if _is_canonical(uri):
        return uri
    if uri.startswith("urn:epc:"):
        return _from_urn(uri)
    match = _HTTP.match(uri)
    return (match and _from_path(match[1])) or uri


def _from_urn(uri: str) -> str:
    """Return the Digital Link of an EPC URI, the URI where it is none."""
    try:
        values = Epc.parse(uri).to_element_values()
    except EpcError:
        return uri
    path = (f"{ai}/{quote(value, safe=';=' + chr(39))}" for ai, value in values.items())
    return "/".join((_DOMAIN, *path))


def _from_path(path: str) -> str | None:
    """Return the canonical Digital Link of a path, None where it holds no key."""
    segments = path.removesuffix("/").split("/")
    for at in range(len(segments) - 1):
        ai = _ai(segments[at])
        if ai in _KEYS and _VALUES[ai].match(segments[at + 1]):
            names, values = segments[at + 2 :: 2], segments[at + 3 :: 2]
            qualifiers = dict(zip(map(_ai, names), values, strict=False))
            if len(names) == len(values) and _are_known(ai, qualifiers):
                return _link(ai, segments[at + 1], qualifiers)
    return None


def _ai(segment: str) -> str:
    return _ALIASES.get(segment, segment)


def _are_known(ai: str, qualifiers: dict[str, str]) -> bool:
    """Return whether all qualifiers belong to the key and have a value."""
    key = _KEYS[ai]
    return set(qualifiers) <= {*key.kept, *key.dropped} and all(qualifiers.values())


def _link(ai: str, value: str, qualifiers: dict[str, str]) -> str:
    """Return the link of a key and its finest qualifier."""
    parts = [_DOMAIN, ai, value.zfill(14) if ai == "01" else value]
    finest = next((name for name in _KEYS[ai].kept if name in qualifiers), None)
    if finest:
        parts += [finest, qualifiers[finest]]
    return _ESCAPE.sub(lambda match: match[0].upper(), "/".join(parts))
