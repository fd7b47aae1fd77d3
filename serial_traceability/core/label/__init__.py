"""Labels: GS1 symbols, what a label says, where it stands, and files for printers.

:func:`make_symbol` makes one checked symbol; :func:`compose` places it with its texts
on a label; the writers turn the drawing into PDF, SVG, PNG or ZPL. Nothing here knows
what a serial or a package is in Odoo.
"""

from .compose import Label, compose
from .drawing import Box, Drawing, Placed, Text
from .fonts import DEFAULT_FONTS, Fonts
from .layout import STANDARD_LAYOUTS, LabelLayout, Level, Sheet
from .pdf import write_pdf
from .png import write_png
from .svg import write_svg
from .symbol import Symbol, Symbology, in_label_order, make_symbol
from .symbol_image import IMAGE_VERSION, draw_symbol
from .zpl import write_zpl
