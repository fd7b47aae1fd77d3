"""Labels as PDF, on sheets or one a page for rolls."""

import io
from collections.abc import Iterable

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from .drawing import Drawing, Placed
from .fonts import DEFAULT_FONTS, Fonts
from .layout import Sheet

_POINTS = 72 / 25.4


def write_pdf(
    drawings: Iterable[Drawing],
    *,
    sheet: Sheet | None = None,
    skip: int = 0,
    title: str = "",
    fonts: Fonts = DEFAULT_FONTS,
) -> bytes:
    """Return labels as one PDF document.

    :param sheet: the grid that they lie in; None for a page a label.
    :param skip: places of the first sheet that are used already.
    :param title: the document's title.
    """
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    for index, drawing in enumerate(drawings):
        if sheet is None:
            _start_page(canvas, index, drawing.width, drawing.height)
            _draw(canvas, drawing, 0, drawing.height, fonts)
            continue
        place = (index + skip) % sheet.count
        if index == 0 or place == 0:
            _start_page(canvas, index, sheet.width, sheet.height)
        x, y = sheet.position(place)
        _draw(canvas, drawing, x, sheet.height - y, fonts)
    canvas.save()
    return output.getvalue()


def _start_page(canvas: Canvas, index: int, width: float, height: float) -> None:
    if index:
        canvas.showPage()
    canvas.setPageSize((width * _POINTS, height * _POINTS))


def _draw(
    canvas: Canvas, drawing: Drawing, left: float, top: float, fonts: Fonts
) -> None:
    """Draw a label.

    :param left: from the page's left edge to the label, in millimetres.
    :param top: from the page's bottom to the label's upper edge.
    """
    for placed in drawing.symbols():
        _draw_symbol(canvas, placed, left, top)
    for box in drawing.rules():
        canvas.rect(
            (left + box.x) * _POINTS,
            (top - box.y - box.height) * _POINTS,
            box.width * _POINTS,
            box.height * _POINTS,
            stroke=0,
            fill=1,
        )
    for text in drawing.texts():
        canvas.setFont(fonts.name(bold=text.bold), text.size)
        canvas.drawString(
            (left + text.x) * _POINTS, (top - text.y) * _POINTS, text.text
        )


def _draw_symbol(canvas: Canvas, placed: Placed, left: float, top: float) -> None:
    """Draw a symbol as one filled path.

    In a space whose unit is a module, so that all numbers are whole: reportlab takes
    most of a page's time to write fractions.
    """
    down = placed.bar_height or placed.module
    canvas.saveState()
    canvas.transform(
        placed.module * _POINTS,
        0,
        0,
        -down * _POINTS,
        (left + placed.x) * _POINTS,
        (top - placed.y) * _POINTS,
    )
    rectangles = [
        f"{x} {y} {width} {height} re"
        for x, y, width, height in placed.symbol.rectangles
    ]
    canvas.drawPath(PDFPathObject(code=rectangles), stroke=0, fill=1)
    canvas.restoreState()
