import base64

from odoo.tests import Form

from ..common import PHONE_GTIN, SerialCase

GS = "\x1d"
WATCH_GTIN = "09520001200014"


def symbol(serial, gtin=PHONE_GTIN, batch="", expiry=""):
    """Return what a scanner reads from a GS1 DataMatrix."""
    text = f"]d201{gtin}21{serial}"
    if batch:
        text += f"{GS}10{batch}"
    if expiry:
        text += f"{GS}17{expiry}"
    return text


class ScanCase(SerialCase):
    """Transfers to scan on, all as the operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watch = cls.env["product.product"].create(
            {
                "name": "Watch",
                "is_storable": True,
                "tracking": "serial",
                "barcode": "9520001200014",
            }
        )

    @classmethod
    def open_receipt(cls, *lines, confirm=True):
        """Return a receipt of ``lines``, pairs of product and quantity."""
        picking = cls.transfer(
            cls.warehouse.in_type_id,
            cls.supplier_location,
            cls.stock_location,
            lines,
            partner=cls.supplier,
        )
        if confirm and lines:
            picking.action_confirm()
        return picking

    @classmethod
    def delivery(cls, *lines, reserve=True):
        picking = cls.transfer(
            cls.warehouse.out_type_id,
            cls.stock_location,
            cls.customer_location,
            lines,
            partner=cls.customer,
        )
        picking.action_confirm()
        if reserve:
            picking.action_assign()
        return picking

    def resolve(self, picking, *texts, user=None, **options):
        resolver = self.env["serial.resolver"].with_user(user or self.operator)
        return resolver.resolve(list(texts), picking.id, **options)

    def verdict(self, picking, *texts, **options):
        """Return the verdict on the last of ``texts``."""
        return self.resolve(picking, *texts, **options)[-1]["verdict"]

    def open_import(self, picking, announce=False):
        picking = picking.with_user(self.operator)
        action = (
            picking.action_announce_serials()
            if announce
            else picking.action_scan_serials()
        )
        return picking.env[action["res_model"]].browse(action["res_id"])

    def read_import(self, picking, *texts, announce=False):
        """Return a scan import with ``texts`` pasted and checked."""
        scan_import = self.open_import(picking, announce=announce)
        with Form(scan_import) as form:
            form.scan_text = "\n".join(texts)
        scan_import.action_read()
        return scan_import

    def upload(self, picking, data):
        scan_import = self.open_import(picking)
        scan_import.scan_file = base64.b64encode(data)
        scan_import.action_read()
        return scan_import

    def scan_in(self, picking, *texts):
        """Apply ``texts``; return the import, with what is left in it."""
        scan_import = self.read_import(picking, *texts)
        scan_import.action_apply()
        return scan_import
