from odoo.tests import HttpCase, tagged

from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelScreen(LabelCase, HttpCase):
    """The dialog in a browser."""

    def test_a_label_is_previewed_and_printed(self):
        # Too wide for bars on the first layout.
        phone = self.receive(self.phone, ["WWWWWWWWWWWWWWWWWWWW"])
        self.start_tour(
            f"/odoo/action-stock.action_production_lot_form/{phone.id}",
            "serial_label_print",
            login=self.operator.login,
        )
        self.assertRecordValues(
            self.env["serial.label.print"].search([]),
            [{"lot_id": phone.id, "symbology": "qr", "create_uid": self.operator.id}],
        )
