import base64
import io
import zipfile
from functools import lru_cache
from urllib.parse import quote

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_path, format_date
from odoo.tools.osutil import clean_filename

from ..core import identity
from ..core.clock import local_date
from ..core.errors import RuleError
from ..core.label import (
    DEFAULT_FONTS,
    IMAGE_VERSION,
    Fonts,
    Label,
    write_pdf,
    write_png,
    write_svg,
    write_zpl,
)
from ..core.label.compose import FINE_DOT
from ..core.label.zpl import dot_size

_FONT = "web/static/fonts/google/Open_Sans/Open_Sans-%s.ttf"
#: The most that a preview takes of the screen, in millimetres of 96 pixels to the inch.
_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 105, 110
#: AI 37 holds up to eight digits.
_MAXIMUM_COUNT = 10**8


class SerialLabel(models.AbstractModel):
    """Says what stands on the labels of serials and packages, and writes them as files.

    Reads what the user may read and writes nothing; printing that counts goes through
    ``serial.label.wizard``.
    """

    _name = "serial.label"
    _description = "Labels of Serials and Packages"

    # ---- Units ----

    @api.model
    def _get_unit_labels(self, units, layout):
        """Return the :class:`Label` of each unit, in order.

        :param units: serials, lots, or numbers that no serial bears yet.
        :raises UserError: where a product has no GTIN.
        """
        # Stands in for the right to read one's own company's contact.
        zone = self.env.company.sudo().partner_id.tz
        return [self._get_unit_label(unit, layout, zone) for unit in units]

    @api.model
    def _get_unit_label(self, unit, layout, zone):
        product = unit.product_id
        gtin = identity.gtin_14(product.barcode)
        if not gtin:
            raise UserError(
                self.env._(
                    "%(product)s has no GTIN, so that no GS1 symbol can name its "
                    "serial %(serial)s. Enter the GTIN as the product's barcode.",
                    product=product.display_name,
                    serial=unit.name,
                )
            )
        is_serial = product.tracking == "serial"
        batch, expiry, produced = self._get_origin(unit, zone)
        # A lot of a product tracked by lots is named by its batch.
        elements = [("01", gtin), ("21" if is_serial else "10", unit.name)]
        return Label(
            self._visible(elements, batch, expiry, produced, layout),
            product.display_name,
            self._get_notes(batch if is_serial else "", expiry, produced),
            self.env.company.name,
        )

    @api.model
    def _get_origin(self, unit, zone):
        """Return batch number, expiry and production date of a unit, or None each.

        Lots of a product tracked by lots are batches themselves.
        """
        batch = unit.batch_id
        expiry, produced = batch.expiration_date, batch.production_date
        if unit._name == "stock.lot":
            moment = unit.expiration_date
            expiry = expiry or (moment and local_date(moment, zone))
            produced = unit.production_date
        is_serial = unit.product_id.tracking == "serial"
        return (
            (batch if is_serial else unit).name or None,
            expiry or None,
            produced or None,
        )

    @api.model
    def _visible(self, elements, batch, expiry, produced, layout):
        """Return the elements of a symbol, without those that a layout leaves out.

        :param elements: those that name the unit or package; they always stay.
        """
        hidden = layout._get_hidden_elements()
        more = [
            ("10", batch),
            ("17", expiry and expiry.strftime("%y%m%d")),
            ("11", produced and produced.strftime("%y%m%d")),
        ]
        named = [ai for ai, _value in elements]
        return (
            *elements,
            *(
                (ai, value)
                for ai, value in more
                if value and ai not in hidden and ai not in named
            ),
        )

    @api.model
    def _get_notes(self, batch, expiry, produced):
        """Return captions and values for people, the most important first."""
        notes = [
            (self.env._("Expiry"), expiry and format_date(self.env, expiry)),
            (self.env._("Batch"), batch),
            (self.env._("Produced"), produced and format_date(self.env, produced)),
        ]
        return tuple((caption, value) for caption, value in notes if value)

    # ---- Packages ----

    @api.model
    def _get_package_labels(self, packages, layout):
        """Return the :class:`Label` of each package, in order.

        :raises UserError: where a package has neither an SSCC nor contents that are
            one packaging with a GTIN of its own.
        """
        contents = dict.fromkeys(packages.ids, self.env["stock.quant"])
        for quant in self.env["stock.quant"].search(
            [("package_id", "child_of", packages.ids), ("quantity", ">", 0)]
        ):
            for package_id in map(int, quant.package_id.parent_path.split("/")[:-1]):
                if package_id in contents:
                    contents[package_id] |= quant
        return [
            self._get_package_label(package, contents[package.id], layout)
            for package in packages
        ]

    @api.model
    def _get_package_label(self, package, quants, layout):
        product = quants.product_id if len(quants.product_id) == 1 else None
        count = sum(quants.mapped("quantity"))
        sscc = self._get_sscc(package)
        elements = [("00", sscc)] if sscc else []
        batch = expiry = produced = None
        if product:
            batch, expiry, produced = self._get_common(quants.lot_id)
            elements += self._get_content(product, count, named=bool(sscc))
        if not elements:
            raise UserError(self._get_no_number_message(package))
        if elements == [("00", sscc)]:
            batch = expiry = produced = None
        return Label(
            self._visible(elements, batch, expiry, produced, layout),
            product.display_name if product else self.env._("Mixed contents"),
            (
                *((self.env._("SSCC"), sscc) for _one in [sscc] if sscc),
                *self._get_package_notes(quants, product),
                *self._get_notes(batch, expiry, produced),
            ),
            self.env.company.name,
        )

    @api.model
    def _get_sscc(self, package):
        """Return the package's name where that is an SSCC, else None."""
        return identity.package_sscc(package.name)

    @api.model
    def _get_content(self, product, count, *, named):
        """Return the elements that say what a package of one product holds.

        :param named: whether the package has an SSCC, which AI 02 needs; without one
            the contents themselves must be a packaging that has a GTIN.
        """
        gtin = identity.gtin_14(product.barcode)
        if named:
            whole = count == int(count) and 0 < count < _MAXIMUM_COUNT
            return [("02", gtin), ("37", str(int(count)))] if gtin and whole else []
        for packaging in product.product_uom_ids:
            size = packaging.uom_id._compute_quantity(1, product.uom_id)
            gtin = identity.gtin_14(packaging.barcode)
            if gtin and size == count:
                return [("01", gtin)]
        return []

    @api.model
    def _get_common(self, lots):
        """Return batch, expiry and production date that all lots have, else None."""
        # Stands in for the right to read one's own company's contact.
        zone = self.env.company.sudo().partner_id.tz
        rows = {self._get_origin(lot, zone) for lot in lots}
        columns = [set(column) for column in zip(*rows, strict=True)] or [set()] * 3
        return [
            (column.pop() or None) if len(column) == 1 else None for column in columns
        ]

    @api.model
    def _get_package_notes(self, quants, product):
        """Return what a package holds, for people."""
        if not product:
            return [
                (one.display_name, self._format_count(one, same))
                for one, same in quants.grouped("product_id").items()
            ]
        gtin = identity.gtin_14(product.barcode)
        notes = [(self.env._("Content"), gtin)] if gtin else []
        return [*notes, (self.env._("Count"), self._format_count(product, quants))]

    @api.model
    def _format_count(self, product, quants):
        return f"{sum(quants.mapped('quantity')):g} {product.uom_id.name}"

    @api.model
    def _get_no_number_message(self, package):
        return self.env._(
            "Package %(package)s has no number for a GS1 symbol: its name is no SSCC, "
            "and its contents are not one packaging with a GTIN. Name it by its SSCC, "
            "18 digits.",
            package=package.name,
        )

    # ---- Files ----

    @api.model
    def _get_labels(self, records, layout):
        """Return what the labels of serials or packages say, in order."""
        if records._name == "stock.package":
            return self._get_package_labels(records, layout)
        return self._get_unit_labels(records, layout)

    @api.model
    def _compose_all(self, records, layout, symbology, dot):
        """Yield the drawing of each record's label.

        :param dot: a dot of the printer, in millimetres.
        :raises UserError: where one cannot be printed, naming it.
        """
        for record, label in zip(
            records, self._get_labels(records, layout), strict=True
        ):
            try:
                yield layout._compose(label, symbology, dot=dot)
            except RuleError as error:
                raise UserError(
                    self.env._(
                        "The label of %(name)s cannot be printed. %(fault)s",
                        name=record.display_name,
                        fault=self._get_fault(error),
                    )
                ) from error

    @api.model
    def _make_file(self, records, layout, symbology, medium, **options):
        """Return file name and content of the labels of ``records``.

        :param medium: ``pdf``, ``zpl``, ``png`` or ``svg``; several images come in a
            ZIP archive.
        :param options: ``dpi`` of images and ZPL, ``copies`` of each label, ``skip``
            places of the first sheet.
        """
        dpi = int(options.get("dpi") or 203)
        dot = self._get_dot(medium, dpi)
        drawings = self._compose_all(records, layout, symbology, dot)
        writer = getattr(self, f"_write_{medium}")
        name = self.env._("Label of %(name)s", name=records[:1].display_name)
        if len(records) > 1:
            name = self.env._("%(count)s labels", count=len(records))
        extension, content = writer(records, drawings, layout, dpi=dpi, **{
            key: options.get(key) or default
            for key, default in (("copies", 1), ("skip", 0))
        })  # fmt: skip
        return f"{clean_filename(name)}.{extension}", content

    @api.model
    def _get_dot(self, medium, dpi):
        """Return a dot of the printer, in millimetres.

        :param dpi: its resolution; PDF and SVG are printed finer by whatever prints
            them.
        """
        return {"zpl": dot_size(dpi), "png": 25.4 / dpi}.get(medium, FINE_DOT)

    @api.model
    def _get_preview(self, drawing):
        """Return a drawing as the address of an image, as large as fits a form."""
        enlarged = min(_PREVIEW_WIDTH / drawing.width, _PREVIEW_HEIGHT / drawing.height)
        svg = write_svg(drawing, enlarged=enlarged, fonts=self._get_fonts())
        encoded = base64.b64encode(svg.encode()).decode()
        return f"data:image/svg+xml;base64,{encoded}"

    @api.model
    def _write_pdf(self, records, drawings, layout, *, copies, skip, **_options):
        repeated = (drawing for drawing in drawings for _copy in range(copies))
        content = write_pdf(
            repeated,
            sheet=layout._get_sheet(),
            skip=skip,
            title=layout.name,
            fonts=self._get_fonts(),
        )
        return "pdf", content

    @api.model
    def _write_zpl(self, records, drawings, layout, *, dpi, copies, **_options):
        return "zpl", write_zpl(drawings, dpi=dpi, copies=copies).encode()

    @api.model
    def _write_png(self, records, drawings, layout, *, dpi, **_options):
        fonts = self._get_fonts()
        images = (write_png(drawing, dpi=dpi, fonts=fonts) for drawing in drawings)
        return self._write_images(records, images, "png")

    @api.model
    def _write_svg(self, records, drawings, layout, **_options):
        fonts = self._get_fonts()
        images = (write_svg(drawing, fonts=fonts).encode() for drawing in drawings)
        return self._write_images(records, images, "svg")

    @api.model
    def _write_images(self, records, images, extension):
        """Return one image as it is, several as a ZIP archive."""
        if len(records) == 1:
            return extension, next(iter(images))
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (record, image) in enumerate(
                zip(records, images, strict=True), 1
            ):
                # The number keeps names apart that differ in case alone.
                name = clean_filename(record.name or "")
                archive.writestr(f"{number:05d} {name}.{extension}", image)
        return "zip", output.getvalue()

    @api.model
    def _get_fonts(self):
        """Return the fonts of labels: those of Odoo's documents, if they are there."""
        return _find_fonts()

    # ---- What is wrong ----

    @api.model
    def _get_fault(self, error):
        """Return in words, in the user's language, why a label cannot be made."""
        texts = {
            "too_small": self.env._(
                "The label has no room for its symbol and the text of it. Choose a "
                "larger label, another symbol, or leave batch or dates out."
            ),
            "too_long": self.env._(
                "What the symbol has to say is too long for it. Choose GS1 DataMatrix, "
                "or leave batch or dates out."
            ),
            "bad_size": self.env._(
                "A label is at least 10 x 8 mm and at most 1000 x 1000 mm."
            ),
            "bad_sheet": self.env._(
                "The labels run over the page, overlap, or there are none on it. "
                "Check size, columns, rows, edges and steps."
            ),
            "outside_charset": self.env._(
                "%(value)s has a character that GS1 does not allow.", value=error.value
            ),
            "value_too_long": self.env._(
                "%(value)s is longer than GS1 allows.", value=error.value
            ),
        }
        return texts.get(error.code) or error.message


def symbol_url(elements, symbology="datamatrix", image_format="svg"):
    """Return the address of a symbol, see ``controllers/serial_symbol.py``.

    With the version of the drawing: browsers keep the image of an address for ever.

    :param elements: pairs of AI and value, checked by whoever draws them.
    """
    value = "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in elements)
    return (
        f"/serial_traceability/symbol/{symbology}.{image_format}"
        f"?value={quote(value, safe='')}&v={IMAGE_VERSION}"
    )


@lru_cache(maxsize=1)
def _find_fonts():
    try:
        return Fonts(file_path(_FONT % "Regular"), file_path(_FONT % "Bold"))
    except FileNotFoundError:
        return DEFAULT_FONTS
