"""GS1 symbols as modules: GS1 DataMatrix, GS1-128 and QR with a GS1 Digital Link.

The drawing of bars is left to two libraries, what goes into them is not: everything is
checked by our own GS1 rules first, because the libraries take a wrong check digit and a
month 13 without a word, and handed over in the one form in which each makes a true GS1
symbol.

Source: GS1 General Specifications (GS1-128 and GS1 DataMatrix); GS1 Digital Link
Standard: URI Syntax (QR); ISO/IEC 15424 for the symbology identifiers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import zxingcpp
from barcode.codex import Gs1_128

from ..errors import LabelError
from ..gs1 import build_digital_link, build_element_string, find_ai
from ..gs1.bracketed import build_bracketed
from ..gs1.digital_link import CANONICAL_DOMAIN
from ..gs1.message import Elements, pairs

#: Data characters of one GS1-128 symbol, separators included.
GS1_128_CAPACITY = 48
#: Keys come first on a label and in a symbol: what the other elements tell of.
_KEYS = ("00", "01", "02")
#: Elements of variable length that stand before others of variable length: a short
#: one, and the count that belongs to AI 02.
_EARLY = ("37", "10")


class Symbology(str, Enum):
    """How the elements are drawn."""

    DATAMATRIX = "datamatrix"
    GS1_128 = "gs1_128"
    QR = "qr"

    @property
    def identifier(self) -> str:
        """The symbology identifier that a reader returns for it."""
        return _IDENTIFIERS[self]

    @property
    def linear(self) -> bool:
        """Whether it is a row of bars."""
        return self is Symbology.GS1_128

    @property
    def quiet(self) -> int:
        """How many modules around it stay white; of bars, to both sides alone."""
        return _QUIET[self]


_IDENTIFIERS = {
    Symbology.DATAMATRIX: "]d2",
    Symbology.GS1_128: "]C1",
    Symbology.QR: "]Q1",
}
_QUIET = {Symbology.DATAMATRIX: 1, Symbology.GS1_128: 10, Symbology.QR: 4}


@dataclass(frozen=True)
class Symbol:
    """One symbol, checked and encoded.

    :param symbology: how it is drawn.
    :param elements: pairs of AI and value, in the order in which they stand in it.
    :param data: what a reader returns for it after the symbology identifier; GS for
        FNC1 between elements.
    :param rows: its modules from the top, ``1`` for dark; one row of bars.
    """

    symbology: Symbology
    elements: tuple[tuple[str, str], ...]
    data: str
    rows: tuple[str, ...]

    @property
    def width(self) -> int:
        """Modules from side to side, without the quiet zone."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Modules from top to bottom, without the quiet zone; 1 for bars."""
        return len(self.rows)

    @cached_property
    def rectangles(self) -> tuple[tuple[int, int, int, int], ...]:
        """The dark areas: left, top, width and height in modules, none overlapping."""
        return tuple(_rectangles(self.rows))


def make_symbol(
    symbology: Symbology,
    elements: Elements,
    *,
    domain: str = CANONICAL_DOMAIN,
    required: bool = True,
) -> Symbol:
    r"""Return the symbol of ``elements``, in their order.

    :param domain: scheme and domain of the Digital Link; of QR only.
    :param required: False where what an element needs stands in another symbol of the
        same label.
    :raises Gs1Error: where a value does not fit its AI, or AIs do not go together.
    :raises LabelError: where they do not fit into one symbol (``too_long``).

    >>> symbol = make_symbol(
    ...     Symbology.DATAMATRIX, [("01", "09520001100017"), ("21", "A(17)1")]
    ... )
    >>> symbol.data, symbol.width, symbol.height
    ('010952000110001721A(17)1', 18, 18)
    """
    checked = tuple(pairs(elements))
    data = build_element_string(checked, required=required)
    if symbology is Symbology.DATAMATRIX:
        rows = _datamatrix(checked, required=required)
    elif symbology is Symbology.GS1_128:
        rows = _gs1_128(data)
    else:
        data = build_digital_link(checked, domain=domain, required=required)
        rows = _qr(data)
    return Symbol(symbology, checked, data, rows)


def in_label_order(elements: Elements) -> list[tuple[str, str]]:
    """Return elements in the order of a label: keys, predefined lengths, the rest.

    What has a predefined length needs no separator, so that it goes before what has
    not (GS1 General Specifications).

    >>> in_label_order([("21", "A1"), ("01", "09520001100017"), ("17", "260901")])
    [('01', '09520001100017'), ('17', '260901'), ('21', 'A1')]
    """
    return sorted(pairs(elements), key=lambda element: _rank(element[0]))


def _rank(ai: str) -> tuple[int, int]:
    if ai in _KEYS:
        return 0, _KEYS.index(ai)
    entry = find_ai(ai, unknown=True)
    if entry and entry.predefined:
        return 1, 0
    return 2, _EARLY.index(ai) if ai in _EARLY else len(_EARLY)


def _datamatrix(
    elements: Sequence[tuple[str, str]], *, required: bool
) -> tuple[str, ...]:
    # Both brackets escaped, or "(17)" inside a serial would become an expiry date.
    text = build_bracketed(elements, escaped="()", required=required)
    rows = _encode(
        text, zxingcpp.BarcodeFormat.DataMatrix, "]d2", gs1=True, forceSquare=True
    )
    # The library ignores options that it does not know: without this one it draws
    # rectangles, some of them of a kind that GS1 does not have.
    if len(rows) != len(rows[0]):
        raise _error("The DataMatrix is not square.", "not_square", text, "a square")
    return rows


def _qr(uri: str) -> tuple[str, ...]:
    return _encode(uri, zxingcpp.BarcodeFormat.QRCode, "]Q1", ecLevel="M")


def _encode(
    text: str,
    barcode_format: zxingcpp.BarcodeFormat,
    identifier: str,
    **options: object,
) -> tuple[str, ...]:
    try:
        barcode = zxingcpp.create_barcode(text, barcode_format, **options)
    except ValueError as error:
        raise _error(
            f"{len(text)} characters do not fit into one symbol.",
            "too_long",
            text,
            "fewer or shorter elements",
        ) from error
    if barcode.symbology_identifier != identifier:
        raise _error(
            f"The symbol would be read as {barcode.symbology_identifier}.",
            "wrong_symbology",
            text,
            identifier,
        )
    image = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))
    return tuple(
        "".join("0" if level else "1" for level in row) for row in image.tolist()
    )


def _gs1_128(data: str) -> tuple[str, ...]:
    if len(data) > GS1_128_CAPACITY:
        raise _error(
            f"{len(data)} characters do not fit into one GS1-128 symbol.",
            "too_long",
            data,
            f"at most {GS1_128_CAPACITY} characters, separators included",
        )
    # The element string as it is read: in brackets the library would draw brackets.
    # It puts FNC1 in front by itself and takes GS for FNC1.
    return tuple(Gs1_128(data).build())


def _rectangles(rows: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the dark areas: runs of a row, joined with the same run of rows above."""
    open_runs: dict[tuple[int, int], int] = {}
    for top, row in enumerate((*rows, "")):
        runs = set(_runs(row))
        for run in [run for run in open_runs if run not in runs]:
            start = open_runs.pop(run)
            yield run[0], start, run[1], top - start
        for run in runs:
            open_runs.setdefault(run, top)


def _runs(row: str) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of dark modules.

    >>> list(_runs("1101"))
    [(0, 2), (3, 1)]
    """
    start = 0
    for run in row.split("0"):
        if run:
            yield start, len(run)
        start += len(run) + 1


def _error(message: str, code: str, value: str, expected: str) -> LabelError:
    return LabelError(message, code=code, value=value[:60], expected=expected)
