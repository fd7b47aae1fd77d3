"""What a composed label consists of, in millimetres from its upper left corner."""

from dataclasses import dataclass

from .symbol import Symbol

POINT_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    :param x: where it begins.
    :param y: its base line.
    :param size: in points.
    """

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A symbol with its place.

    :param x: left edge of its first module; the quiet zone lies outside.
    :param y: upper edge.
    :param module: width of a module.
    :param bar_height: height of the bars; of a linear symbol only.
    """

    symbol: Symbol
    x: float
    y: float
    module: float
    bar_height: float = 0

    @property
    def width(self) -> float:
        """Without the quiet zone."""
        return self.symbol.width * self.module

    @property
    def height(self) -> float:
        """Without the quiet zone."""
        return self.bar_height or self.symbol.height * self.module

    def boxes(self) -> list["Box"]:
        """Return its dark areas."""
        step = self.bar_height or self.module
        return [
            Box(
                self.x + left * self.module,
                self.y + top * step,
                width * self.module,
                height * step,
            )
            for left, top, width, height in self.symbol.rectangles
        ]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, such as a rule between two parts of a label."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """One label as it is printed."""

    width: float
    height: float
    items: tuple[Text | Placed | Box, ...]

    def boxes(self) -> list[Box]:
        """Return everything that is not text, as filled rectangles."""
        boxes = [box for placed in self.symbols() for box in placed.boxes()]
        return boxes + self.rules()

    def rules(self) -> list[Box]:
        """Return its rules."""
        return [item for item in self.items if isinstance(item, Box)]

    def texts(self) -> list[Text]:
        """Return its lines of text."""
        return [item for item in self.items if isinstance(item, Text)]

    def symbols(self) -> list[Placed]:
        """Return its symbols."""
        return [item for item in self.items if isinstance(item, Placed)]
