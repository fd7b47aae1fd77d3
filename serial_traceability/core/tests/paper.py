"""What printers make of the files: inked pages and images, and fields read as a
thermal printer reads them. Nothing of how the files came into being is used here."""

import io
import re

import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ContentStream

#: Dots to the inch of an office printer.
DPI = 600


def scan(image):
    """Return what a reader says of each symbol on an image, sorted."""
    read = zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    return sorted((one.symbology_identifier, one.bytes) for one in read)


# ---- PDF ----


def pages(pdf):
    return PdfReader(io.BytesIO(pdf)).pages


def rasterized(page, dpi=DPI):
    """Return a page as a printer inks its filled rectangles; text is left out."""
    scale = dpi / 72
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    image, canvas = _blank(width * scale, height * scale)
    waiting, matrix, saved = [], (1, 0, 0, 1, 0, 0), []
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        numbers = [float(one) for one in operands] if operator in (b"cm", b"re") else ()
        if operator == b"q":
            saved.append(matrix)
        elif operator == b"Q":
            matrix = saved.pop()
        elif operator == b"cm":
            assert numbers[1:3] == [0, 0]
            across, _, _, down, right, up = numbers
            matrix = (
                across * matrix[0], 0, 0, down * matrix[3],
                right * matrix[0] + matrix[4], up * matrix[3] + matrix[5],
            )  # fmt: skip
        elif operator == b"re":
            x, y, wide, high = numbers
            columns = sorted((matrix[0] * (x + side) + matrix[4]) for side in (0, wide))
            rows = sorted(
                height - matrix[3] * (y + side) - matrix[5] for side in (0, high)
            )
            waiting.append([edge * scale for edge in (*columns, *rows)])
        elif operator in (b"f", b"f*"):
            for left, right, top, bottom in waiting:
                _ink(canvas, left, top, right, bottom)
            waiting = []
    assert not waiting, "a path was drawn that is not filled"
    return image


def _blank(width, height):
    image = Image.new("L", (round(width), round(height)), 255)
    return image, ImageDraw.Draw(image)


def _ink(canvas, *edges):
    left, top, right, bottom = map(round, edges)
    canvas.rectangle((left, top, right - 1, bottom - 1), fill=0)


# ---- SVG ----

_SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_BOX = re.compile(r"M([0-9.]+) ([0-9.]+)h([0-9.]+)v([0-9.]+)h-\3z")


def rasterized_svg(svg, dpi=DPI):
    """Return an SVG as a browser inks the boxes of its path; text is left out."""
    scale = dpi / 25.4
    width, height = map(float, _SIZE.search(svg).groups())
    image, canvas = _blank(width * scale, height * scale)
    (path,) = re.findall(r' d="([^"]*)"', svg)
    assert not _BOX.sub("", path), "a path was drawn that is no box"
    for box in _BOX.findall(path):
        x, y, wide, high = (float(one) * scale for one in box)
        _ink(canvas, x, y, x + wide, y + high)
    return image


# ---- ZPL ----


def field_of(zpl, command):
    """Return the field data after a barcode command, hex escapes taken back."""
    match = re.search(rf"\^{command}[^^]*\^FH\\\^FD([^^]*)\^FS", zpl)
    return unescaped(match[1])


def unescaped(text):
    raw = re.sub(
        rb"\\([0-9A-F]{2})", lambda hit: bytes([int(hit[1], 16)]), text.encode()
    )
    return raw.decode()


def read_datamatrix_field(field):
    """Read a ``^BX`` field as a printer does: FNC1 as GS, the first one left out."""
    parts = re.findall(r"_1|__|[^_]", field)
    assert "".join(parts) == field
    read = "".join({"_1": "\x1d", "__": "_"}.get(part, part) for part in parts)
    assert read[0] == "\x1d"
    return read[1:]


def read_code_128_field(field):
    """Read a ``^BC`` field of mode N as a printer does."""
    subset, read = {">;": "C", ">:": "B"}[field[:2]], ""
    for part in re.findall(r">.|[^>]", field[2:]):
        if part in (">5", ">6"):
            subset = {">5": "C", ">6": "B"}[part]
        elif part == ">8":
            read += "\x1d"
        elif part == ">0":
            read += ">"
        else:
            assert subset == "B" or part.isdigit(), (subset, part, field)
            read += part
    assert read[0] == "\x1d"
    return read[1:]
