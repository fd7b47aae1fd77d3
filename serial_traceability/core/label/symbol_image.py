"""A symbol by itself, as web pages and reports show it."""

from ..gs1 import build_hri
from .drawing import POINT_MM, Drawing, Placed, Text
from .fonts import DEFAULT_FONTS, Fonts
from .symbol import Symbol

#: Counted up whenever one and the same data is drawn otherwise than before, so that
#: images which were kept under the address of an older version are not taken for it.
IMAGE_VERSION = "1"
#: Height of bars, in modules.
_BARS = 40
_TEXT_POINTS = 8.0


def draw_symbol(
    symbol: Symbol,
    *,
    module: float = 0.5,
    text: bool = False,
    fonts: Fonts = DEFAULT_FONTS,
) -> Drawing:
    """Return a symbol with its quiet zone, and on request its interpretation.

    :param module: width of a module in millimetres.
    :param text: write the human-readable interpretation below it.

    >>> from .symbol import Symbology, make_symbol
    >>> symbol = make_symbol(Symbology.DATAMATRIX, [("01", "09520001100017")])
    >>> draw_symbol(symbol).width
    9.0
    """
    quiet = symbol.symbology.quiet * module
    above = module if symbol.symbology.linear else quiet
    bar_height = _BARS * module if symbol.symbology.linear else 0
    placed = Placed(symbol, quiet, above, module, bar_height)
    lines = _interpretation(symbol) if text else []
    widths = [fonts.width(line, _TEXT_POINTS) for line in lines]
    step = _TEXT_POINTS * 1.2 * POINT_MM
    bottom = above + placed.height + above
    texts = [
        Text(quiet, bottom + step * (index + 0.8), line, _TEXT_POINTS)
        for index, line in enumerate(lines)
    ]
    width = max(placed.width + 2 * quiet, *(one + 2 * quiet for one in widths), 0)
    height = bottom + step * len(lines) + (quiet if lines else 0)
    return Drawing(width, height, (placed, *texts))


def _interpretation(symbol: Symbol) -> list[str]:
    lines = build_hri(symbol.elements)
    return ["".join(lines)] if symbol.symbology.linear else lines
