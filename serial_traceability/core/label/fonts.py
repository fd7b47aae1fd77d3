"""The two fonts of a label and how wide they run."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from .drawing import POINT_MM


@dataclass(frozen=True)
class Fonts:
    """TrueType files; glyphs that a file does not have are drawn as empty boxes."""

    regular: str
    bold: str

    def path(self, *, bold: bool) -> str:
        """Return the file of a weight."""
        return self.bold if bold else self.regular

    def name(self, *, bold: bool) -> str:
        """Return the name under which reportlab knows a weight."""
        return _register(self.path(bold=bold))

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a line runs, in millimetres.

        :param size: in points.
        """
        points = pdfmetrics.stringWidth(text, self.name(bold=bold), size)
        return float(points) * POINT_MM


@lru_cache(maxsize=16)
def _register(path: str) -> str:
    """Make a file known to reportlab once; return the name it has there."""
    name = f"label-{path}"
    pdfmetrics.registerFont(TTFont(name, path))
    return name


_FOLDER = Path(reportlab.__file__).parent / "fonts"
#: Come with reportlab; western European letters.
DEFAULT_FONTS = Fonts(str(_FOLDER / "Vera.ttf"), str(_FOLDER / "VeraBd.ttf"))
