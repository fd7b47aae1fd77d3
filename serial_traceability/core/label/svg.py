"""Labels as SVG, for screens and for programs that place them in documents."""

from html import escape

from .drawing import POINT_MM, Box, Drawing, Text
from .fonts import DEFAULT_FONTS, Fonts

_FAMILY = "'Open Sans', 'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif"


def write_svg(
    drawing: Drawing,
    *,
    background: str = "white",
    enlarged: float = 1,
    fonts: Fonts = DEFAULT_FONTS,
) -> str:
    """Return a drawing as an SVG document, one unit a millimetre.

    Each text says how wide it runs, so that it does so in whatever font is there.

    :param background: a colour, or an empty text for none.
    :param enlarged: how many times as large as in reality it shows.
    :param fonts: those that the drawing was composed with.

    >>> write_svg(Drawing(10, 5, (Box(1, 2, 3, 1),)))[-42:]
    '<path fill="#000" d="M1 2h3v1h-3z"/></svg>'
    """
    size = f"{drawing.width:g} {drawing.height:g}"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{drawing.width * enlarged:g}mm" '
        f'height="{drawing.height * enlarged:g}mm" '
        f'viewBox="0 0 {size}" shape-rendering="crispEdges">'
    ]
    if background:
        parts.append(f'<rect width="100%" height="100%" fill="{escape(background)}"/>')
    boxes = drawing.boxes()
    if boxes:
        parts.append(f'<path fill="#000" d="{"".join(map(_path, boxes))}"/>')
    parts += [_text(text, fonts) for text in drawing.texts()]
    parts.append("</svg>")
    return "".join(parts)


def _path(box: Box) -> str:
    x, y, width, height = (
        round(value, 4) for value in (box.x, box.y, box.width, box.height)
    )
    return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"


def _text(text: Text, fonts: Fonts) -> str:
    width = fonts.width(text.text, text.size, bold=text.bold)
    weight = ' font-weight="bold"' if text.bold else ""
    return (
        f'<text x="{text.x:g}" y="{text.y:g}" font-size="{text.size * POINT_MM:.3f}" '
        f'font-family="{_FAMILY}"{weight} textLength="{width:.3f}" '
        'lengthAdjust="spacingAndGlyphs" xml:space="preserve">'
        f"{escape(text.text, quote=False)}</text>"
    )
