r"""Labels as ZPL II, the language of Zebra's and many other thermal printers.

The printer draws the symbols itself, so that bars are whole dots. Each symbol gets its
data in the one spelling that makes it a GS1 symbol:

- ``^BX`` (DataMatrix) with ``_`` as its escape character: ``_1`` is FNC1, ``__`` an
  underscore.
- ``^BC`` (Code 128) in mode N with explicit subsets: ``>8`` is FNC1, ``>0`` the sign
  itself, ``>:`` and ``>;`` start in subset B and C, ``>6`` and ``>5`` change to them.
- ``^BQ`` (QR) with the error correction level in front.

``^FH\`` is set on every field: a backslash and two hex digits stand for a byte, which
no GS1 value can hold by itself. Text is UTF-8 (``^CI28``).

Source: Zebra, ZPL II Programming Guide: ^BC, ^BX, ^BQ, ^FH, ^CI.
"""

import re
from collections.abc import Iterable, Iterator

from .drawing import POINT_MM, Box, Drawing, Placed, Text
from .symbol import Symbology

#: Resolutions of thermal print heads, in dots to the inch.
RESOLUTIONS = (203, 300, 600)
_GS = "\x1d"
_DIGIT_RUN = re.compile(r"[0-9]+")
_PLAIN = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "
    "!\"#$%&'()*+,-./:;<=>?@[]_`{|}"
)


def write_zpl(drawings: Iterable[Drawing], *, dpi: int = 203, copies: int = 1) -> str:
    """Return labels as one print job.

    Compose them with the same dot size, ``25.4 / dpi``.

    :param copies: how often each label is printed.
    """
    scale = _dots(dpi)
    return "".join(_label(drawing, scale, copies) for drawing in drawings)


def _dots(dpi: int) -> float:
    """Return dots to the millimetre: print heads of 203 dpi have 8.

    >>> _dots(203), _dots(300)
    (8.0, 11.811023622047244)
    """
    return 8.0 if dpi == 203 else dpi / 25.4


def dot_size(dpi: int) -> float:
    """Return the size of a dot in millimetres, to compose labels for a print head."""
    return 1 / _dots(dpi)


def _label(drawing: Drawing, scale: float, copies: int) -> str:
    lines = [
        "^XA",
        "^CI28",
        "^LH0,0",
        f"^PW{round(drawing.width * scale)}",
        f"^LL{round(drawing.height * scale)}",
    ]
    lines += [_symbol(placed, scale) for placed in drawing.symbols()]
    lines += [_rule(box, scale) for box in drawing.rules()]
    lines += [_text(text, scale) for text in drawing.texts()]
    lines += [f"^PQ{copies}", "^XZ", ""]
    return "\n".join(lines)


def _text(text: Text, scale: float) -> str:
    height = max(1, round(text.size * POINT_MM * scale))
    place = f"^FT{round(text.x * scale)},{round(text.y * scale)}"
    return f"{place}^A0N,{height}^FH\\^FD{escape_field(text.text)}^FS"


def _rule(box: Box, scale: float) -> str:
    width, height = (max(1, round(side * scale)) for side in (box.width, box.height))
    place = f"^FO{round(box.x * scale)},{round(box.y * scale)}"
    return f"{place}^GB{width},{height},{min(width, height)}^FS"


def _symbol(placed: Placed, scale: float) -> str:
    module = max(1, round(placed.module * scale))
    place = f"^FO{round(placed.x * scale)},{round(placed.y * scale)}"
    data = placed.symbol.data
    if placed.symbol.symbology is Symbology.DATAMATRIX:
        side = placed.symbol.width
        kind = f"^BXN,{module},200,{side},{side},,_,1"
        field = datamatrix_field(data)
    elif placed.symbol.symbology is Symbology.GS1_128:
        bars = round(placed.bar_height * scale)
        kind = f"^BY{module}^BCN,{bars},N,N,N,N"
        field = code_128_field(data)
    else:
        kind, field = f"^BQN,2,{module}", f"MA,{data}"
    return f"{place}{kind}^FH\\^FD{escape_field(field)}^FS"


def datamatrix_field(data: str) -> str:
    r"""Return an element string as ``^BX`` wants it, with ``_`` as escape character.

    >>> datamatrix_field("010952000110001721A_1\x1d10B")
    '_1010952000110001721A__1_110B'
    """
    return "_1" + data.replace("_", "__").replace(_GS, "_1")


def code_128_field(data: str) -> str:
    r"""Return an element string as ``^BC`` in mode N wants it, digits in subset C.

    >>> code_128_field("010952000110001721A>1234\x1d10B")
    '>;>8010952000110001721>6A>01234>810B'
    """
    groups = list(_subsets(data))
    current = groups[0][0]
    parts = [">;" if current == "C" else ">:", ">8"]
    for subset, text in groups:
        if subset != current:
            parts.append(">5" if subset == "C" else ">6")
            current = subset
        parts.append(text.replace(">", ">0").replace(_GS, ">8"))
    return "".join(parts)


def _subsets(data: str) -> Iterator[tuple[str, str]]:
    """Yield subset and text: pairs of digits in C where they are worth the change."""
    at = 0
    for match in _DIGIT_RUN.finditer(data):
        start, end = match.span()
        at_edge = start == 0 or end == len(data)
        if end - start < (4 if at_edge else 6):
            continue
        start += (end - start) % 2
        if start > at:
            yield "B", data[at:start]
        yield "C", data[start:end]
        at = end
    if at < len(data) or not data:
        yield "B", data[at:]


def escape_field(text: str) -> str:
    r"""Return a text for ``^FD`` after ``^FH\``: UTF-8, hex for what ZPL would take.

    >>> print(escape_field("Zoë ^ 5\\6"))
    Zo\C3\AB \5E 5\5C6
    """
    return "".join(
        character
        if character in _PLAIN
        else "".join(f"\\{byte:02X}" for byte in character.encode())
        for character in text
    )
