from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..scanning.common import symbol
from .common import RetirementCase


@tagged("post_install", "-at_install")
class TestRetirementAgain(RetirementCase):
    """A number whose life has ended is never used again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold, cls.scrapped = cls.phones[0], cls.phones[1]
        cls.sale = cls.deliver(cls.sold)
        cls.sold.with_user(cls.quality_manager).retire("decommission", cls.reason.id)
        cls.scrapped.with_user(cls.quality_manager).retire("destroy", cls.reason.id)

    def test_scanning_it_says_so(self):
        receipt = self.open_receipt((self.phone, 2))
        results = self.resolve(receipt, symbol("A1"), symbol("A2"), symbol("B1"))
        self.assertEqual(
            [(each["level"], each["verdict"]) for each in results],
            [("wrong", "retired"), ("wrong", "retired"), ("good", "ok")],
        )
        self.assertIn("A1 is out of use for good", results[0]["message"])

    def test_announcing_it_is_refused(self):
        receipt = self.open_receipt((self.phone, 2))
        results = self.resolve(receipt, symbol("A1"), announce=True)
        self.assertEqual(results[0]["verdict"], "retired")

    def test_receiving_it_by_hand_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "A1 of Phone is out of use"):
            self.receive(self.phone, ["A1"])

    def test_a_customer_cannot_return_it(self):
        with self.assertRaisesRegex(ValidationError, "A1 of Phone is out of use"):
            self.give_back(self.sale, self.sold)

    def test_a_count_does_not_find_it(self):
        quant = self.env["stock.quant"].create(
            {
                "product_id": self.phone.id,
                "lot_id": self.scrapped.id,
                "location_id": self.stock_location.id,
                "inventory_quantity": 1,
            }
        )
        with self.assertRaisesRegex(ValidationError, "A2 of Phone is out of use"):
            quant.action_apply_inventory()

    def test_a_done_line_is_not_corrected_to_it(self):
        lot = self.receive(self.phone, ["B1"])
        line = self.receipt.move_ids.move_line_ids
        with self.assertRaisesRegex(ValidationError, "A1 of Phone is out of use"):
            line.with_user(self.quality_manager).lot_id = self.sold
        self.assertTrue(lot)

    def test_no_other_serial_takes_its_number(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.env["stock.lot"].create({"name": "A1", "product_id": self.phone.id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.phones[2].with_user(self.quality_manager).correct(
                {"name": "A2"}, "misread"
            )

    def test_other_products_may_have_the_number(self):
        self.assertEqual(self.receive(self.watch, ["A1"]).product_qty, 1)
