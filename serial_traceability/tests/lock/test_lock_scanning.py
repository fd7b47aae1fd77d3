from odoo.tests import tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockScanning(LockCase):
    """The scanner on a transfer refuses held units."""

    def scan(self, picking, name, uuid="1"):
        return picking.with_user(self.operator).serial_scan(name, uuid)

    def test_held_unit_is_refused_from_the_first_scan(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 2)

        answer = self.scan(picking, "A")

        self.assertEqual((answer["verdict"], answer["level"]), ("locked", "wrong"))
        self.assertIn("Quality", answer["message"])
        self.assertFalse(picking.move_line_ids)

    def test_held_unit_is_scanned_into_quarantine(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1, self.warehouse.int_type_id, self.quarantine)

        answer = self.scan(picking, "A")

        self.assertEqual(answer["level"], "good", answer)
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_a)

    def test_held_unit_is_scanned_when_its_customer_returns_it(self):
        delivery = self.deliver(self.lot_a)
        self.place(self.lot_a)
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )

        answer = self.scan(back, "A")

        self.assertNotEqual(answer["verdict"], "locked", answer)

    def test_unit_held_by_two_reasons_names_both(self):
        self.place(self.lot_a)
        self.place(self.lot_a, self.theft)

        answer = self.scan(self.order(self.phone, 1), "A")

        self.assertIn("Quality", answer["message"])
        self.assertIn("Theft", answer["message"])
