"""Label sizes, what stands on them, and how they lie on a sheet.

All lengths are in millimetres.
"""

from dataclasses import dataclass
from enum import Enum

from ..errors import LabelError
from .symbol import Symbology

#: Narrowest and widest module, in millimetres, of units and of cases and pallets, which
#: are read from a distance (after GS1's symbol specification tables;
#: of bars on units, what office printers and hand scanners manage).
_MODULES = {
    Symbology.DATAMATRIX: ((0.254, 0.99), (0.743, 1.5)),
    Symbology.GS1_128: ((0.25, 0.66), (0.495, 1.016)),
    Symbology.QR: ((0.396, 0.99), (0.743, 1.5)),
}
#: Longest side of a label or page that makes sense to a printer.
MAXIMUM_SIDE = 1000


class Level(str, Enum):
    """What the label is stuck on."""

    UNIT = "unit"
    CASE = "case"
    PALLET = "pallet"


@dataclass(frozen=True)
class Sheet:
    """A page of labels in a grid.

    :param left: from the page's edge to the first label.
    :param top: likewise.
    :param pitch_x: from the left edge of a label to that of the next one.
    :param pitch_y: likewise, downwards.
    """

    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def count(self) -> int:
        """How many labels a page holds."""
        return self.columns * self.rows

    def position(self, index: int) -> tuple[float, float]:
        """Return the upper left corner of label number ``index`` of a page.

        >>> STANDARD_LAYOUTS["a4_21"].sheet.position(4)
        (73.6, 53.25)
        """
        row, column = divmod(index, self.columns)
        x = self.left + column * self.pitch_x
        return round(x, 3), round(self.top + row * self.pitch_y, 3)

    def check(self, width: float, height: float) -> None:
        """Refuse a grid that runs over the page, or whose labels overlap.

        :param width: of a label.
        :param height: of a label.
        :raises LabelError: with code ``bad_sheet``.
        """
        if self.columns < 1 or self.rows < 1:
            raise _error("A sheet holds at least one label.", "one column and one row")
        x, y = self.position(self.count - 1)
        if x + width > self.width + 0.1 or y + height > self.height + 0.1:
            raise _error(
                f"{self.columns} x {self.rows} labels of {width:g} x {height:g} mm run "
                f"over a page of {self.width:g} x {self.height:g} mm.",
                "a grid inside the page",
            )
        if (self.columns > 1 and self.pitch_x < width - 0.1) or (
            self.rows > 1 and self.pitch_y < height - 0.1
        ):
            raise _error("The labels of the sheet overlap.", "a wider pitch")


@dataclass(frozen=True)
class LabelLayout:
    """The size of a label and what it shows beside its symbol.

    :param sheet: None for labels on a roll.
    :param show_title: the product's name.
    :param show_notes: captions and values for people, such as the expiry date.
    :param show_sender: who sends or makes it.
    """

    width: float
    height: float
    symbology: Symbology = Symbology.DATAMATRIX
    level: Level = Level.UNIT
    sheet: Sheet | None = None
    margin: float = 1.5
    show_title: bool = True
    show_notes: bool = True
    show_sender: bool = False

    def check(self) -> None:
        """Refuse sizes on which nothing can be printed.

        :raises LabelError: with code ``bad_size`` or ``bad_sheet``.
        """
        if not (10 <= self.width <= MAXIMUM_SIDE and 8 <= self.height <= MAXIMUM_SIDE):
            raise LabelError(
                f"A label of {self.width:g} x {self.height:g} mm cannot be printed.",
                code="bad_size",
                value=f"{self.width:g} x {self.height:g}",
                expected=f"10 x 8 mm up to {MAXIMUM_SIDE} x {MAXIMUM_SIDE} mm",
            )
        if self.sheet:
            self.sheet.check(self.width, self.height)

    @property
    def logistic(self) -> bool:
        """Whether the label is for cases and pallets."""
        return self.level is not Level.UNIT

    @property
    def minimum_module(self) -> float:
        """The narrowest module that its symbol may have."""
        return _MODULES[self.symbology][self.logistic][0]

    @property
    def maximum_module(self) -> float:
        """The widest module that its symbol may have."""
        return _MODULES[self.symbology][self.logistic][1]

    @property
    def minimum_bar_height(self) -> float:
        """The lowest bars that its symbol may have.

        GS1 asks for 32 mm on logistic labels where there is room.
        """
        return 15 if self.logistic else 5


def _error(message: str, expected: str) -> LabelError:
    return LabelError(message, code="bad_sheet", expected=expected)


#: Sizes that are sold everywhere, by a name that never changes.
STANDARD_LAYOUTS: dict[str, LabelLayout] = {
    "a4_21": LabelLayout(
        63.5, 38.1, sheet=Sheet(210, 297, 3, 7, 7.2, 15.15, 66.4, 38.1)
    ),
    "a4_65": LabelLayout(
        38.1, 21.2, sheet=Sheet(210, 297, 5, 13, 4.65, 10.7, 40.6, 21.2)
    ),
    "letter_30": LabelLayout(
        66.675, 25.4, sheet=Sheet(215.9, 279.4, 3, 10, 4.76, 12.7, 69.85, 25.4)
    ),
    "roll_50x25": LabelLayout(50, 25),
    "roll_57x32": LabelLayout(57, 32),
    "case_100x100": LabelLayout(
        100, 100, Symbology.GS1_128, Level.CASE, margin=3, show_sender=True
    ),
    "pallet_a6": LabelLayout(
        105, 148, Symbology.GS1_128, Level.PALLET, margin=3, show_sender=True
    ),
    "pallet_4x6": LabelLayout(
        101.6, 152.4, Symbology.GS1_128, Level.PALLET, margin=3, show_sender=True
    ),
    "pallet_a4_2": LabelLayout(
        210,
        148.5,
        Symbology.GS1_128,
        Level.PALLET,
        Sheet(210, 297, 1, 2, 0, 0, 210, 148.5),
        margin=10,
        show_sender=True,
    ),
}
