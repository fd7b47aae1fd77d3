"""Labels of the standard sizes: what stands where, and what is refused."""

from dataclasses import replace

import pytest

from serial_traceability.core.errors import Gs1Error, LabelError
from serial_traceability.core.gs1 import build_hri
from serial_traceability.core.gs1.charsets import CSET_82
from serial_traceability.core.label import (
    DEFAULT_FONTS,
    STANDARD_LAYOUTS,
    Label,
    LabelLayout,
    Level,
    Sheet,
    Symbology,
    compose,
)

GTIN = "09520001100017"
UNIT = Label(
    (("21", "K7M2X9QPA4TR"), ("01", GTIN), ("10", "B17A"), ("17", "260901")),
    "Phone X200 128 GB midnight blue",
    (("Expiry", "2026-09-01"), ("Batch", "B17A")),
    "Maker Ltd",
)
PALLET = Label(
    (
        ("00", "395200010000000011"),
        ("02", GTIN),
        ("37", "24"),
        ("10", "B17A"),
        ("17", "260901"),
    ),
    "Phone X200",
    (("Count", "24"), ("Batch", "B17A"), ("Expiry", "2026-09-01")),
    "Maker Ltd",
)
UNIT_LAYOUTS = {
    name: layout
    for name, layout in STANDARD_LAYOUTS.items()
    if layout.level is Level.UNIT
}
LOGISTIC_LAYOUTS = {
    name: layout for name, layout in STANDARD_LAYOUTS.items() if layout.logistic
}


def refused(label, layout, **options):
    with pytest.raises((LabelError, Gs1Error)) as caught:
        compose(label, layout, **options)
    return caught.value


def texts(drawing):
    return [text.text for text in drawing.texts()]


def extent(drawing):
    """Yield left, top, right and bottom of everything, quiet zones included."""
    for placed in drawing.symbols():
        quiet = placed.symbol.symbology.quiet * placed.module
        above = 0 if placed.symbol.symbology.linear else quiet
        yield (
            placed.x - quiet,
            placed.y - above,
            placed.x + placed.width + quiet,
            placed.y + placed.height + above,
        )
    for text in drawing.texts():
        width = DEFAULT_FONTS.width(text.text, text.size, bold=text.bold)
        size = text.size * 25.4 / 72
        yield text.x, text.y - size * 0.8, text.x + width, text.y + size * 0.2


def overlap(one, other):
    return (
        one[0] < other[2] - 0.01
        and other[0] < one[2] - 0.01
        and one[1] < other[3] - 0.01
        and other[1] < one[3] - 0.01
    )


@pytest.mark.parametrize("name", STANDARD_LAYOUTS)
def test_nothing_overlaps_or_runs_over_the_edge(name):
    layout = STANDARD_LAYOUTS[name]
    drawing = compose(PALLET if layout.logistic else UNIT, layout)
    parts = list(extent(drawing))
    for left, top, right, bottom in parts:
        assert left >= -0.01 and top >= -0.01
        assert right <= layout.width + 0.01 and bottom <= layout.height + 0.01
    for index, one in enumerate(parts):
        assert not any(overlap(one, other) for other in parts[index + 1 :])


@pytest.mark.parametrize("name", UNIT_LAYOUTS)
@pytest.mark.parametrize("start", range(0, len(CSET_82), 20))
def test_every_standard_unit_label_holds_the_longest_numbers(name, start):
    serial = CSET_82[start : start + 20]
    label = replace(
        UNIT,
        elements=(("01", GTIN), ("21", serial), ("10", "W" * 20), ("17", "260901")),
        title="A product with a name that is much longer than the label is wide",
    )
    drawing = compose(label, UNIT_LAYOUTS[name])
    shown = "".join(texts(drawing))
    for line in build_hri(drawing.symbols()[0].symbol.elements):
        assert line in shown


@pytest.mark.parametrize("name", UNIT_LAYOUTS)
def test_modules_are_whole_dots_of_the_printer(name):
    for dot in (1 / 8, 25.4 / 300, 25.4 / 600):
        (placed,) = compose(UNIT, UNIT_LAYOUTS[name], dot=dot).symbols()
        assert placed.module / dot == pytest.approx(round(placed.module / dot))
        assert 0.254 <= placed.module <= 0.99


def test_interpretation_stands_in_the_order_of_the_symbol():
    shown = texts(compose(UNIT, STANDARD_LAYOUTS["a4_21"]))
    assert shown[-4:] == [f"(01){GTIN}", "(17)260901", "(10)B17A", "(21)K7M2X9QPA4TR"]


def test_what_a_layout_does_not_show_is_not_there():
    bare = replace(STANDARD_LAYOUTS["a4_21"], show_title=False, show_notes=False)
    assert all(line.startswith("(") for line in texts(compose(UNIT, bare)))


def test_notes_give_way_before_the_interpretation_does():
    label = replace(UNIT, notes=tuple((f"Note {n}", "text") for n in range(9)))
    shown = texts(compose(label, STANDARD_LAYOUTS["a4_65"]))
    assert "Note 0 text" in shown
    assert "Note 8 text" not in shown
    assert "(21)K7M2X9QPA4TR" in shown


def test_a_long_title_ends_in_an_ellipsis():
    label = replace(UNIT, title="word " * 40)
    shown = texts(compose(label, STANDARD_LAYOUTS["a4_65"]))
    assert shown[1].endswith("…")


@pytest.mark.parametrize("name", LOGISTIC_LAYOUTS)
def test_the_sscc_stands_alone_and_lowest(name):
    drawing = compose(PALLET, LOGISTIC_LAYOUTS[name])
    *_others, last = sorted(drawing.symbols(), key=lambda placed: placed.y)
    assert last.symbol.elements == (("00", "395200010000000011"),)
    assert "(00)395200010000000011" in texts(drawing)
    assert all(placed.module >= 0.495 for placed in drawing.symbols())


def test_bars_are_spread_over_symbols_that_fit_the_width():
    drawing = compose(PALLET, STANDARD_LAYOUTS["pallet_a6"])
    spread = [placed.symbol.elements for placed in drawing.symbols()]
    assert spread == [
        (("02", GTIN), ("17", "260901")),
        (("37", "24"), ("10", "B17A")),
        (("00", "395200010000000011"),),
    ]


def test_a_pallet_can_carry_its_number_alone():
    label = replace(PALLET, elements=PALLET.elements[:1], notes=(), title="")
    (placed,) = compose(label, STANDARD_LAYOUTS["pallet_a6"]).symbols()
    assert placed.bar_height == 32


def test_elements_of_all_symbols_are_checked_together():
    contents = replace(PALLET, elements=PALLET.elements[1:])
    assert refused(contents, STANDARD_LAYOUTS["pallet_a6"]).code == "required_ai"
    wrong = replace(UNIT, elements=(("01", "09520001100018"), ("21", "A1")))
    for symbology in Symbology:
        layout = replace(STANDARD_LAYOUTS["a4_21"], symbology=symbology)
        assert refused(wrong, layout).code == "incorrect_check_digit"


def test_a_label_too_small_for_its_symbol_says_how_wide_that_is():
    layout = replace(STANDARD_LAYOUTS["a4_65"], symbology=Symbology.GS1_128)
    error = refused(UNIT, layout)
    assert error.code == "too_small"
    assert error.message.startswith(
        "A label of 38.1 x 21.2 mm has no room for its symbol, which is "
    )
    assert refused(UNIT, LabelLayout(10, 8)).code == "too_small"


@pytest.mark.parametrize("size", [(9, 20), (20, 7), (1001, 20), (0, 0), (-5, 20)])
def test_sizes_that_no_printer_has_are_refused(size):
    assert refused(UNIT, LabelLayout(*size)).code == "bad_size"


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (
            Sheet(210, 297, 4, 7, 7.2, 15.15, 66.4, 38.1),
            "4 x 7 labels of 63.5 x 38.1 mm run over a page of 210 x 297 mm.",
        ),
        (Sheet(210, 297, 3, 7, 7.2, 15, 60, 38.1), "The labels of the sheet overlap."),
        (
            Sheet(210, 297, 0, 7, 7.2, 15, 60, 38.1),
            "A sheet holds at least one label.",
        ),
    ],
)
def test_grids_that_do_not_fit_the_page_are_refused(sheet, message):
    error = refused(UNIT, replace(STANDARD_LAYOUTS["a4_21"], sheet=sheet))
    assert (error.code, error.message) == ("bad_sheet", message)


@pytest.mark.parametrize("name", STANDARD_LAYOUTS)
def test_standard_layouts_are_possible(name):
    STANDARD_LAYOUTS[name].check()
