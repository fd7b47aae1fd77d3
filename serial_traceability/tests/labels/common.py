import base64
import io
import zipfile

import zxingcpp
from odoo.fields import Command
from odoo.tests import Form
from PIL import Image

from ..common import SerialCase


class LabelCase(SerialCase):
    """Operators who print labels, and a scanner that reads them back."""

    @classmethod
    def layout(cls, key):
        return cls.env.ref(f"serial_traceability.label_layout_{key}")

    @classmethod
    def wizard(cls, records, user=None, **values):
        """Return the wizard as it opens on ``records``, with ``values`` filled in."""
        context = {"active_model": records._name, "active_ids": records.ids}
        return (
            cls.env["serial.label.wizard"]
            .with_user(user or cls.operator)
            .with_context(**context)
            .create(values)
        )

    @classmethod
    def print(cls, records, user=None, **values):
        """Print labels of ``records``; return the wizard, which has the file."""
        wizard = cls.wizard(records, user=user, **values)
        wizard.action_print()
        return wizard

    @classmethod
    def form(cls, records):
        """Return the dialog as the operator sees it."""
        context = {"active_model": records._name, "active_ids": records.ids}
        model = cls.env["serial.label.wizard"].with_user(cls.operator)
        return Form(model.with_context(**context))

    @classmethod
    def correct(cls, lots, **values):
        """Correct serials that have a history, as the quality manager."""
        lots.with_user(cls.quality_manager).correct(values, "Read from the box")

    def content(self, wizard):
        return base64.b64decode(wizard.data)

    def read_image(self, content):
        """Return ``[(symbology identifier, bytes)]`` of what an image shows."""
        found = zxingcpp.read_barcodes(
            Image.open(io.BytesIO(content)), text_mode=zxingcpp.TextMode.Plain
        )
        return sorted((one.symbology_identifier, one.bytes) for one in found)

    def read_images(self, wizard):
        """Return what each image of a ZIP archive shows, in order."""
        with zipfile.ZipFile(io.BytesIO(self.content(wizard))) as archive:
            return [self.read_image(archive.read(name)) for name in archive.namelist()]

    @classmethod
    def pack_up(cls, lots, name):
        """Put serials in stock into a package of that name."""
        package = cls.env["stock.package"].create({"name": name})
        operation = cls.warehouse.int_type_id
        picking = cls.transfer(
            operation,
            cls.stock_location,
            cls.stock_location,
            [(lots.product_id, len(lots))],
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "location_id": cls.stock_location.id,
                    "location_dest_id": cls.stock_location.id,
                    "result_package_id": package.id,
                    "picking_id": picking.id,
                }
            )
            for lot in lots
        ]
        cls.packing = cls.validate(picking)
        return package
