"""Labels as PNG, dot by dot as a printer or screen of a resolution has them."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from .drawing import POINT_MM, Drawing
from .fonts import DEFAULT_FONTS, Fonts


def write_png(
    drawing: Drawing, *, dpi: int = 300, fonts: Fonts = DEFAULT_FONTS
) -> bytes:
    """Return a drawing as a grey PNG image.

    Compose it with the same dot size, ``25.4 / dpi``, so that each module is a whole
    number of dots.

    :param dpi: dots to the inch.
    """
    image = rasterize(drawing, dpi=dpi, fonts=fonts)
    output = io.BytesIO()
    image.save(output, "PNG", dpi=(dpi, dpi), optimize=False)
    return output.getvalue()


def rasterize(
    drawing: Drawing, *, dpi: int = 300, fonts: Fonts = DEFAULT_FONTS
) -> Image.Image:
    """Return a drawing as an image in memory; see :func:`write_png`."""
    scale = dpi / 25.4
    size = round(drawing.width * scale), round(drawing.height * scale)
    image = Image.new("L", size, 255)
    canvas = ImageDraw.Draw(image)
    for placed in drawing.symbols():
        left, top = round(placed.x * scale), round(placed.y * scale)
        step = max(1, round(placed.module * scale))
        down = round(placed.bar_height * scale) or step
        for x, y, width, height in placed.symbol.rectangles:
            corner = left + x * step, top + y * down
            end = corner[0] + width * step - 1, corner[1] + height * down - 1
            canvas.rectangle((corner, end), fill=0)
    for box in drawing.rules():
        corner = round(box.x * scale), round(box.y * scale)
        end = (
            corner[0] + round(box.width * scale) - 1,
            corner[1] + max(1, round(box.height * scale)) - 1,
        )
        canvas.rectangle((corner, end), fill=0)
    for text in drawing.texts():
        font = _font(fonts.path(bold=text.bold), text.size * POINT_MM * scale)
        place = text.x * scale, text.y * scale
        canvas.text(place, text.text, fill=0, font=font, anchor="ls")
    return image


@lru_cache(maxsize=64)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
