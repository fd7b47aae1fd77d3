from odoo.tests import HttpCase, tagged

from .common import ScanCase


@tagged("post_install", "-at_install")
class TestScanningBrowser(ScanCase, HttpCase):
    """The dialog and the scanner on the transfer, in a browser."""

    def test_scan_dialog_tour(self):
        picking = self.open_receipt((self.phone, 3))
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "serial_scan_import_tour",
            login=self.operator.login,
        )
        picked = picking.move_line_ids.filtered("picked")
        self.assertEqual(set(picked.mapped("lot_name")), {"A1", "A2", "A3"})
