"""The shape of each EPC scheme, as a table.

One row says how the parts of a URI make up a GS1 key and which application
identifiers carry it, so that one small engine (:mod:`.identity`) serves them all.
"""

from dataclasses import dataclass

from ..gs1.charsets import CSET_39, CSET_82, DIGITS

_CSET_82 = frozenset(CSET_82)
_CSET_39 = frozenset(CSET_39)
_DIGITS = frozenset(DIGITS)


@dataclass(frozen=True)
class Serial:
    """The serial part of a scheme.

    :param ai: application identifier that carries it, empty where it is written
        straight behind the key.
    :param maximum: most characters.
    :param characters: what it is made of.
    :param leading_zeros: whether a number may start with a zero.
    :param none: the URI's word for "no serial", empty where there is no such word.
    """

    ai: str
    maximum: int
    characters: frozenset[str] = _CSET_82
    leading_zeros: bool = True
    none: str = ""


@dataclass(frozen=True)
class Scheme:
    """How one scheme writes its key.

    :param ai: application identifier of the key.
    :param digits: digits of company prefix and reference together, without check
        digit; for a textual reference the most characters of both.
    :param serial: its serial part, None where the key alone identifies.
    :param kind: ``id`` for a thing, ``class`` for a kind of thing.
    :param moved: whether the reference's first digit stands before the prefix in the
        key (the indicator of a GTIN, the extension of an SSCC).
    :param lead: what stands in front of the key in its element string.
    :param reference: what the reference is made of; digits are of exact length and
        followed by a check digit in the key.
    :param parts: further numeric parts of the URI, with their lengths, between
        reference and serial; in the key they stand behind the check digit.
    """

    ai: str
    digits: int
    serial: Serial | None = None
    kind: str = "id"
    moved: bool = False
    lead: str = ""
    reference: frozenset[str] = _DIGITS
    parts: tuple[int, ...] = ()

    @property
    def is_textual(self) -> bool:
        """Whether the reference is text of free length."""
        return self.reference is not _DIGITS


#: Where one key serves several schemes, the finest comes first.
#: Source: GS1 EPC Tag Data Standard 2.2, EPC URIs and their element strings.
SCHEMES: dict[str, Scheme] = {
    "sgtin": Scheme("01", 13, Serial("21", 20), moved=True),
    "upui": Scheme("01", 13, Serial("235", 28), moved=True),
    "lgtin": Scheme("01", 13, Serial("10", 20), kind="class", moved=True),
    "sscc": Scheme("00", 17, moved=True),
    "sgln": Scheme("414", 12, Serial("254", 20, none="0")),
    "grai": Scheme("8003", 12, Serial("", 16), lead="0"),
    "giai": Scheme("8004", 30, reference=_CSET_82),
    "gsrn": Scheme("8018", 17),
    "gsrnp": Scheme("8017", 17),
    "gdti": Scheme("253", 12, Serial("", 17)),
    "cpi": Scheme(
        "8010",
        30,
        Serial("8011", 12, _DIGITS, leading_zeros=False),
        reference=_CSET_39,
    ),
    "sgcn": Scheme("255", 12, Serial("", 12, _DIGITS)),
    "ginc": Scheme("401", 30, reference=_CSET_82),
    "gsin": Scheme("402", 16),
    "itip": Scheme("8006", 13, Serial("21", 20), moved=True, parts=(2, 2)),
    "pgln": Scheme("417", 12),
}

#: Company prefix lengths that the Tag Data Standard's partition tables know.
EPC_PREFIX_LENGTHS = range(6, 13)
