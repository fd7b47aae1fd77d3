"""Places the symbols and texts of one label.

A label with a square symbol has it at the left and its texts beside it, or above the
texts where the label is higher than wide. A label with bars has its texts on top and
the symbols below them, one under the other, each with its interpretation, the key of a
logistic unit at the bottom (GS1 Logistic Label Guideline).

Where room is short, notes are left out, from the last, and a long title is shortened.
What stands in the symbol is never cut off: where the symbol and its interpretation have
no room, the label is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor

from ..errors import LabelError
from ..gs1 import build_element_string, build_hri
from ..gs1.digital_link import CANONICAL_DOMAIN
from .drawing import POINT_MM, Box, Drawing, Placed, Text
from .fonts import DEFAULT_FONTS, Fonts
from .layout import LabelLayout
from .symbol import Symbol, in_label_order, make_symbol

#: A dot of the printers that PDF and SVG are made for: 600 to the inch.
FINE_DOT = 25.4 / 600
#: Line height of a text, as a multiple of its size.
_LEADING = 1.18
#: Smallest size at which people read a label, in points.
_SMALLEST = 4.0
#: Shares of a wide label's width that a square symbol may take, best first.
_SHARES = (0.5, 0.44, 0.38, 0.32, 0.26)
_GAP = 1.2
#: Lines that a title may take.
_TITLE_LINES = 2
#: Height of the bars of a logistic label where there is room.
_TALL_BARS = 32.0
#: Inner width from which notes stand in two columns.
_TWO_COLUMNS = 85.0


@dataclass(frozen=True)
class Label:
    """What one label says.

    :param elements: pairs of AI and value, in any order; checked when composed.
    :param title: the product's name or code.
    :param notes: captions and values for people, the most important first.
    :param sender: who sends or makes it.
    """

    elements: tuple[tuple[str, str], ...]
    title: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    sender: str = ""


@dataclass(frozen=True)
class _Line:
    """A text that is still to be placed, with the size that it would like."""

    text: str
    size: float
    bold: bool = False
    required: bool = False

    @property
    def height(self) -> float:
        """In millimetres."""
        return self.size * _LEADING * POINT_MM


@dataclass(frozen=True)
class _Work:
    """What composing one label needs."""

    label: Label
    layout: LabelLayout
    fonts: Fonts
    dot: float
    domain: str

    @property
    def inner_width(self) -> float:
        return self.layout.width - 2 * self.layout.margin

    @property
    def inner_height(self) -> float:
        return self.layout.height - 2 * self.layout.margin

    def snapped(self, module: float) -> float:
        """Return the widest module of whole dots that is at most ``module``."""
        module = min(module, self.layout.maximum_module)
        return floor(module / self.dot + 1e-6) * self.dot

    def narrowest(self) -> float:
        """Return the narrowest module of whole dots that the layout may have."""
        return -floor(-self.layout.minimum_module / self.dot + 1e-6) * self.dot


def compose(
    label: Label,
    layout: LabelLayout,
    *,
    fonts: Fonts = DEFAULT_FONTS,
    dot: float = FINE_DOT,
    domain: str = CANONICAL_DOMAIN,
) -> Drawing:
    """Return the label as it is printed.

    :param dot: a dot of the printer, in millimetres; modules are whole dots.
    :param domain: scheme and domain of Digital Links.
    :raises Gs1Error: where what it says is not what GS1 asks for.
    :raises LabelError: where it has no room for its symbol (``too_small``), or the
        layout is none.
    """
    layout.check()
    work = _Work(label, layout, fonts, dot, domain)
    elements = in_label_order(label.elements)
    if layout.symbology.linear:
        items = _compose_bars(work, elements)
    else:
        symbol = make_symbol(layout.symbology, elements, domain=domain)
        items = _compose_square(work, symbol)
    return Drawing(layout.width, layout.height, tuple(items))


# ---- Square symbols ----


def _compose_square(work: _Work, symbol: Symbol) -> list[Text | Placed | Box]:
    layout = work.layout
    lines = _texts(work, symbol.elements)
    high = layout.height > layout.width
    side = work.inner_height if high else work.inner_width
    other = work.inner_width if high else work.inner_height
    for dropped in _droppings(lines):
        for share in _SHARES:
            size = min(side * share, other)
            module = work.snapped(size / (symbol.width + 2 * symbol.symbology.quiet))
            if module < work.narrowest() - 1e-9:
                break
            placed = _placed(work, symbol, module, high=high)
            texts = _beside(work, placed, dropped, high=high)
            if texts is not None:
                return [placed, *texts]
    raise _too_small(work, symbol)


def _placed(work: _Work, symbol: Symbol, module: float, *, high: bool) -> Placed:
    """Return a square symbol at its place: on top, or in the middle of the left."""
    quiet = symbol.symbology.quiet * module
    outer = symbol.width * module + 2 * quiet
    if high:
        x, y = (work.layout.width - outer) / 2, work.layout.margin
    else:
        x, y = work.layout.margin, (work.layout.height - outer) / 2
    return Placed(symbol, x + quiet, y + quiet, module)


def _beside(
    work: _Work, placed: Placed, lines: Sequence[_Line], *, high: bool
) -> list[Text] | None:
    """Return the texts beside or below a symbol, None where there is no room."""
    quiet = placed.symbol.symbology.quiet * placed.module
    if high:
        x, top = work.layout.margin, placed.y + placed.height + quiet + _GAP
    else:
        x, top = placed.x + placed.width + quiet + _GAP, work.layout.margin
    width = work.layout.width - work.layout.margin - x
    height = work.layout.height - work.layout.margin - top
    fitted = _fit(work, lines, width)
    if fitted is None or _height(fitted) > height + 1e-6:
        return None
    if not high:
        top += (height - _height(fitted)) / 2
    return _set(fitted, x, top)


def _droppings(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines, and then with fewer and fewer of those that may be left out."""
    kept = list(lines)
    yield list(kept)
    for line in reversed(lines):
        if not line.required:
            kept.remove(line)
            yield list(kept)


# ---- Bars ----


def _compose_bars(
    work: _Work, elements: Sequence[tuple[str, str]]
) -> list[Text | Placed | Box]:
    # One message in several symbols: what an element needs may stand in another.
    build_element_string(elements)
    symbols = _pack(work, elements)
    module = min(_module_of(work, symbol) for symbol in symbols)
    notes = list(work.label.notes) if work.layout.show_notes else []
    for count in range(len(notes), -1, -1):
        header = _header(work, notes[:count])
        items = _stack(work, symbols, module, header[1])
        if items is not None:
            return [*header[0], *items]
    raise _too_small(work, symbols[0])


def _pack(work: _Work, elements: Sequence[tuple[str, str]]) -> list[Symbol]:
    """Return as few symbols as the width allows, the key of a logistic unit last."""
    symbols: list[Symbol] = []
    part: list[tuple[str, str]] = []
    for element in sorted(elements, key=lambda one: one[0] == "00"):
        longer = None
        if part and element[0] != "00":
            longer = _try_symbol(work, [*part, element])
        if longer:
            part.append(element)
            symbols[-1] = longer
            continue
        part = [element]
        single = make_symbol(work.layout.symbology, part, required=False)
        if not _has_width(work, single):
            raise _too_small(work, single)
        symbols.append(single)
    return symbols


def _try_symbol(work: _Work, elements: Sequence[tuple[str, str]]) -> Symbol | None:
    """Return the symbol of ``elements``, None where it is too long for the label."""
    try:
        symbol = make_symbol(work.layout.symbology, elements, required=False)
    except LabelError:
        return None
    return symbol if _has_width(work, symbol) else None


def _has_width(work: _Work, symbol: Symbol) -> bool:
    return _module_of(work, symbol) >= work.narrowest() - 1e-9


def _module_of(work: _Work, symbol: Symbol) -> float:
    """Return the widest module with which bars fit, quiet zones included."""
    # The margin may be part of the quiet zone: both are white.
    quiet = 2 * symbol.symbology.quiet
    by_label = work.layout.width / (symbol.width + quiet)
    return work.snapped(min(by_label, work.inner_width / symbol.width))


def _stack(
    work: _Work, symbols: Sequence[Symbol], module: float, top: float
) -> list[Text | Placed] | None:
    """Return the symbols below ``top`` with their texts, None if there is no room."""
    size = 9.0 if work.layout.logistic else 6.5
    bottom = work.layout.height - work.layout.margin
    captions = [
        _fit_line(work, _Line("".join(build_hri(one.elements)), size), work.inner_width)
        for one in symbols
    ]
    room = bottom - top - sum(line.height for line in captions)
    bar_height = min(_TALL_BARS, (room - _GAP * len(symbols)) / len(symbols))
    if bar_height < work.layout.minimum_bar_height:
        return None
    items: list[Text | Placed] = []
    y = bottom - len(symbols) * (bar_height + _GAP)
    y -= sum(line.height for line in captions)
    for symbol, line in zip(symbols, captions, strict=True):
        y += _GAP
        x = (work.layout.width - symbol.width * module) / 2
        items.append(Placed(symbol, x, y, module, bar_height))
        y += bar_height
        width = work.fonts.width(line.text, line.size)
        items += _set([line], (work.layout.width - width) / 2, y)
        y += line.height
    return items


def _header(
    work: _Work, notes: Sequence[tuple[str, str]]
) -> tuple[list[Text | Box], float]:
    """Return what stands above the bars, and where it ends."""
    label, layout = work.label, work.layout
    size = 11.0 if layout.logistic else 7.0
    lines: list[_Line] = []
    if layout.show_sender and label.sender:
        lines += _wrap(work, _Line(label.sender, size * 0.8), work.inner_width, 1)
    if layout.show_title and label.title:
        title = _Line(label.title, size, bold=True)
        lines += _wrap(work, title, work.inner_width, _TITLE_LINES)
    items: list[Text | Box] = [*_set(lines, layout.margin, layout.margin)]
    top = layout.margin + _height(lines)
    columns = 2 if work.inner_width >= _TWO_COLUMNS else 1
    texts, top = _columns(work, notes, top, columns)
    items += texts
    if items and layout.logistic:
        items.append(Box(layout.margin, top + 0.6, work.inner_width, 0.3))
        top += 1.2
    return items, top


def _columns(
    work: _Work, notes: Sequence[tuple[str, str]], top: float, columns: int
) -> tuple[list[Text], float]:
    """Return the notes, a caption above each value in columns, and where they end."""
    if not work.layout.logistic:
        lines = [_note_line(work, note, 6.0) for note in notes]
        fitted = [_fit_line(work, line, work.inner_width) for line in lines]
        return _set(fitted, work.layout.margin, top), top + _height(fitted)
    items: list[Text] = []
    width = work.inner_width / columns
    for start in range(0, len(notes), columns):
        bottom = top
        for column, (caption, value) in enumerate(notes[start : start + columns]):
            pair = [_Line(caption, 6.5), _Line(value, 11.0, bold=True)]
            fitted = [_fit_line(work, line, width - _GAP) for line in pair]
            items += _set(fitted, work.layout.margin + column * width, top + 0.6)
            bottom = max(bottom, top + 0.6 + _height(fitted))
        top = bottom
    return items, top


# ---- Texts ----


def _texts(work: _Work, elements: Sequence[tuple[str, str]]) -> list[_Line]:
    """Return the texts beside a square symbol, its interpretation last."""
    label, layout = work.label, work.layout
    size = min(8.0, max(5.5, layout.height * 0.24))
    if layout.logistic:
        size = min(15.0, max(9.0, min(layout.width, layout.height) * 0.13))
    lines = []
    if layout.show_sender and label.sender:
        lines.append(_Line(label.sender, size * 0.85))
    if layout.show_title and label.title:
        lines.append(_Line(label.title, size, bold=True))
    if layout.show_notes:
        lines += [_note_line(work, note, size * 0.9) for note in label.notes]
    interpretation = build_hri(elements)
    return lines + [_Line(text, size * 0.9, required=True) for text in interpretation]


def _note_line(work: _Work, note: tuple[str, str], size: float) -> _Line:
    return _Line(" ".join(filter(None, note)), size)


def _fit(work: _Work, lines: Sequence[_Line], width: float) -> list[_Line] | None:
    """Return lines that are no wider than ``width``, None where letters are wider."""
    fitted: list[_Line] = []
    for line in lines:
        if line.required:
            parts = _break(work, line, width)
            if parts is None:
                return None
            fitted += parts
        else:
            fitted += _wrap(work, line, width, _TITLE_LINES if line.bold else 1)
    return fitted


def _fit_line(work: _Work, line: _Line, width: float) -> _Line:
    """Return a line no wider than ``width``, smaller or shortened if need be.

    Interpretations are never shortened: their symbol is wider than they are.
    """
    return _wrap(work, line, width, 1)[0]


def _shrunk(work: _Work, line: _Line, width: float, smallest: float) -> _Line | None:
    """Return the line at a size at which it fits, None below ``smallest``."""
    wanted = work.fonts.width(line.text, line.size, bold=line.bold)
    if wanted <= width:
        return line
    size = floor(line.size * width / wanted * 20) / 20
    return replace(line, size=size) if size >= smallest else None


def _break(work: _Work, line: _Line, width: float) -> list[_Line] | None:
    """Return an interpretation on one line, or broken into lines at a small size."""
    shrunk = _shrunk(work, line, width, max(_SMALLEST, line.size * 0.7))
    if shrunk:
        return [shrunk]
    size = max(_SMALLEST, line.size * 0.8)
    parts = [""]
    for character in line.text:
        if work.fonts.width(parts[-1] + character, size) > width:
            parts.append("")
        parts[-1] += character
    if not all(parts) or len(parts) > 3:
        return None
    return [replace(line, text=part, size=size) for part in parts]


def _wrap(work: _Work, line: _Line, width: float, count: int) -> list[_Line]:
    """Return a text on at most ``count`` lines, shortened where it is longer."""
    shrunk = _shrunk(work, line, width, line.size * 0.8)
    if shrunk:
        return [shrunk]
    size = line.size * 0.85
    parts: list[str] = []
    for word in line.text.split():
        longer = f"{parts[-1]} {word}" if parts else word
        if parts and work.fonts.width(longer, size, bold=line.bold) <= width:
            parts[-1] = longer
        else:
            parts.append(word)
    if len(parts) > count:
        parts[count - 1 :] = [" ".join(parts[count - 1 :])]
    return [
        replace(line, text=_shortened(work, part, size, line.bold, width), size=size)
        for part in parts
    ]


def _shortened(work: _Work, text: str, size: float, bold: bool, width: float) -> str:
    """Return a text with an ellipsis in place of what does not fit."""
    if work.fonts.width(text, size, bold=bold) <= width:
        return text
    while text and work.fonts.width(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _height(lines: Sequence[_Line]) -> float:
    return sum(line.height for line in lines)


def _set(lines: Sequence[_Line], x: float, y: float) -> list[Text]:
    """Return lines set one under the other from the upper edge ``y``."""
    texts = []
    for line in lines:
        base = y + line.size * POINT_MM
        texts.append(Text(round(x, 3), round(base, 3), line.text, line.size, line.bold))
        y += line.height
    return texts


def _too_small(work: _Work, symbol: Symbol) -> LabelError:
    layout = work.layout
    needed = (symbol.width + 2 * symbol.symbology.quiet) * work.narrowest()
    return LabelError(
        f"A label of {layout.width:g} x {layout.height:g} mm has no room for its "
        f"symbol, which is {needed:.0f} mm wide at least, and the text of it.",
        code="too_small",
        value=symbol.data[:60],
        expected="a larger label, another symbol or fewer elements",
    )
