"""What the printer gets: pages drawn and read back, and the printer's commands."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from serial_traceability.core.label import (
    STANDARD_LAYOUTS,
    Symbology,
    compose,
    write_pdf,
    write_png,
    write_svg,
    write_zpl,
)
from serial_traceability.core.label.zpl import code_128_field, dot_size, escape_field

from .paper import (
    field_of,
    pages,
    rasterized,
    rasterized_svg,
    read_code_128_field,
    read_datamatrix_field,
    scan,
    unescaped,
)
from .test_label_layouts import LOGISTIC_LAYOUTS, PALLET, UNIT, UNIT_LAYOUTS
from .test_label_symbols import AWKWARD_SERIALS, GTIN

PRINTER_DPI = 300


def expected(drawing):
    return sorted(
        (placed.symbol.symbology.identifier, placed.symbol.data.encode())
        for placed in drawing.symbols()
    )


def unit(serial):
    return replace(UNIT, elements=(("01", GTIN), ("21", serial), ("10", "B17A")))


@pytest.mark.parametrize("name", STANDARD_LAYOUTS)
def test_a_printed_label_is_read_back(name):
    layout = STANDARD_LAYOUTS[name]
    drawing = compose(PALLET if layout.logistic else UNIT, layout)
    (page,) = pages(write_pdf([drawing]))
    assert scan(rasterized(page)) == expected(drawing)


@pytest.mark.parametrize("symbology", [Symbology.DATAMATRIX, Symbology.QR])
@pytest.mark.parametrize("name", UNIT_LAYOUTS)
def test_awkward_serials_on_sheets_are_read_back(name, symbology):
    layout = replace(UNIT_LAYOUTS[name], symbology=symbology)
    serials = [serial for serial in AWKWARD_SERIALS if len(serial) < 16]
    drawings = [compose(unit(serial), layout) for serial in serials]
    read = []
    for page in pages(write_pdf(drawings, sheet=layout.sheet)):
        read += scan(rasterized(page, dpi=300))
    assert sorted(read) == sorted(
        one for drawing in drawings for one in expected(drawing)
    )


@pytest.mark.parametrize("name", LOGISTIC_LAYOUTS)
@pytest.mark.parametrize("symbology", list(Symbology))
def test_logistic_labels_are_read_back_as_images(name, symbology):
    layout = replace(LOGISTIC_LAYOUTS[name], symbology=symbology)
    drawing = compose(PALLET, layout, dot=25.4 / PRINTER_DPI)
    image = Image.open(io.BytesIO(write_png(drawing, dpi=PRINTER_DPI)))
    assert scan(image) == expected(drawing)
    assert image.size == tuple(
        round(side * PRINTER_DPI / 25.4) for side in (layout.width, layout.height)
    )


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
def test_unit_labels_are_read_back_as_images(serial):
    layout = STANDARD_LAYOUTS["roll_50x25"]
    drawing = compose(unit(serial), layout, dot=25.4 / PRINTER_DPI)
    image = Image.open(io.BytesIO(write_png(drawing, dpi=PRINTER_DPI)))
    assert scan(image) == expected(drawing)


def test_a_sheet_is_filled_row_by_row_and_then_the_next():
    layout = STANDARD_LAYOUTS["a4_21"]
    drawings = [compose(unit(f"A{number}"), layout) for number in range(23)]
    first, second = pages(write_pdf(drawings, sheet=layout.sheet))
    assert len(scan(rasterized(first))) == 21
    assert scan(rasterized(second)) == expected(drawings[21]) + expected(drawings[22])
    assert float(first.mediabox.width) == pytest.approx(210 * 72 / 25.4, abs=0.01)


def test_a_sheet_that_was_begun_is_used_up():
    layout = STANDARD_LAYOUTS["a4_21"]
    drawings = [compose(unit(f"A{number}"), layout) for number in range(2)]
    pdf = write_pdf(drawings, sheet=layout.sheet, skip=20)
    assert [len(scan(rasterized(page))) for page in pages(pdf)] == [1, 1]


def test_a_roll_has_a_page_a_label():
    layout = STANDARD_LAYOUTS["roll_50x25"]
    pdf = write_pdf([compose(unit(name), layout) for name in ("A1", "A2")])
    sizes = [tuple(map(float, page.mediabox[2:])) for page in pages(pdf)]
    assert sizes == [pytest.approx((50 * 72 / 25.4, 25 * 72 / 25.4), abs=0.01)] * 2


def test_the_text_of_a_pdf_can_be_searched():
    drawing = compose(replace(UNIT, title="Zoë's phone"), STANDARD_LAYOUTS["a4_21"])
    text = pages(write_pdf([drawing]))[0].extract_text()
    assert "(21)K7M2X9QPA4TR" in text
    assert "Zoë's phone" in text


def test_the_same_labels_make_the_same_file():
    drawing = compose(UNIT, STANDARD_LAYOUTS["a4_21"])
    assert write_pdf([drawing]) == write_pdf([drawing])


def test_svg_has_the_texts_and_the_size_of_the_label():
    label = replace(UNIT, title="<b>Phone & cable</b>")
    svg = write_svg(compose(label, STANDARD_LAYOUTS["a4_21"]))
    assert 'width="63.5mm" height="38.1mm"' in svg
    assert "&lt;b&gt;Phone &amp; cable&lt;/b&gt;" in svg
    assert "(21)K7M2X9QPA4TR</text>" in svg


@pytest.mark.parametrize("name", STANDARD_LAYOUTS)
def test_svg_labels_are_read_back(name):
    layout = STANDARD_LAYOUTS[name]
    drawing = compose(PALLET if layout.logistic else UNIT, layout)
    assert scan(rasterized_svg(write_svg(drawing))) == expected(drawing)


def test_svg_texts_run_as_wide_as_they_were_composed():
    drawing = compose(UNIT, STANDARD_LAYOUTS["a4_21"])
    svg = write_svg(drawing, enlarged=2)
    widths = [float(width) for width in re.findall(r'textLength="([0-9.]+)"', svg)]
    for text, width in zip(drawing.texts(), widths, strict=True):
        assert text.x + width <= drawing.width
    assert 'width="127mm" height="76.2mm" viewBox="0 0 63.5 38.1"' in svg


# ---- ZPL ----


def zpl_of(label, name, symbology, dpi=203):
    layout = replace(STANDARD_LAYOUTS[name], symbology=symbology)
    return write_zpl([compose(label, layout, dot=dot_size(dpi))], dpi=dpi)


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
def test_zpl_datamatrix_says_what_was_asked_for(serial):
    zpl = zpl_of(unit(serial), "roll_50x25", Symbology.DATAMATRIX)
    field = field_of(zpl, "BXN")
    assert read_datamatrix_field(field) == f"01{GTIN}10B17A\x1d21{serial}"


@pytest.mark.parametrize("serial", AWKWARD_SERIALS)
def test_zpl_code_128_says_what_was_asked_for(serial):
    for data in (f"01{GTIN}21{serial}", f"21{serial}\x1d10{serial}", f"10{serial}"):
        field = code_128_field(data)
        assert read_code_128_field(field) == data
        # Digits stand in pairs wherever subset C holds.
        for run in re.findall(r"(?:>;(?:>8)?|>5)([0-9]*)", field):
            assert len(run) % 2 == 0


def test_zpl_qr_says_the_link():
    zpl = zpl_of(unit("32a/b"), "roll_57x32", Symbology.QR)
    link = f"https://id.gs1.org/01/{GTIN}/10/B17A/21/32a%2Fb"
    assert field_of(zpl, "BQN") == f"MA,{link}"


def test_zpl_of_a_pallet_has_all_symbols_and_texts():
    zpl = zpl_of(PALLET, "pallet_a6", Symbology.GS1_128)
    assert zpl.count("^BCN,") == 3
    assert "^FD>;>800395200010000000011^FS" in zpl
    assert "^PW840\n^LL1184\n" in zpl
    assert "^FD(00)395200010000000011^FS" in zpl
    assert "^BY4^BCN," in zpl


def test_zpl_begins_and_ends_each_label():
    layout = STANDARD_LAYOUTS["roll_50x25"]
    drawings = [compose(unit(name), layout, dot=1 / 8) for name in ("A1", "A2")]
    zpl = write_zpl(drawings, copies=3)
    assert zpl.count("^XA") == zpl.count("^XZ") == zpl.count("^PQ3") == 2
    assert zpl.count("^CI28") == 2
    assert zpl.isascii()


def test_no_text_can_command_the_printer():
    evil = "^XZ~JA^FD\\5E\r\n^XA"
    zpl = zpl_of(replace(UNIT, title=evil), "roll_57x32", Symbology.DATAMATRIX)
    assert zpl.count("^XA") == zpl.count("^XZ") == 1
    assert "~" not in zpl
    assert unescaped(escape_field(evil)) == evil


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_zpl_modules_are_whole_dots(dpi):
    zpl = zpl_of(UNIT, "roll_50x25", Symbology.DATAMATRIX, dpi=dpi)
    module, side = re.search(r"\^BXN,([0-9]+),200,([0-9]+),\2,,_,1", zpl).groups()
    assert 0.254 <= int(module) * dot_size(dpi) <= 0.99
    assert int(side) == 22
