from odoo.exceptions import UserError
from odoo.tests import tagged

from ...core.identity import gtin_14
from .common import IdentifierCase


@tagged("post_install", "-at_install")
class TestIdentifiersPackaging(IdentifierCase):
    """GTINs of packagings: an indicator digit, or an item reference of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box.uom_ids = cls.case_unit | cls.pallet_unit

    def wizard(self, product, **values):
        action = product.with_user(self.administrator).action_give_gtin()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.administrator)
        wizard.write(values)
        return wizard

    def packagings(self, product):
        return product.product_uom_ids.sorted("contained_quantity")

    def test_packagings_share_the_item_reference_by_indicator_digits(self):
        wizard = self.wizard(self.box)
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"uom_id": False, "level": "each", "gtin": "09520009000005"},
                {
                    "uom_id": self.case_unit.id,
                    "level": "inner",
                    "gtin": "19520009000002",
                },
                {
                    "uom_id": self.pallet_unit.id,
                    "level": "case",
                    "gtin": "29520009000009",
                },
            ],
        )
        wizard.line_ids[1].level = "case"
        wizard.line_ids[2].level = "pallet"
        wizard.action_give()
        self.assertRecordValues(
            self.packagings(self.box),
            [
                {
                    "barcode": "19520009000002",
                    "gtin_level": "case",
                    "contained_quantity": 10,
                },
                {
                    "barcode": "29520009000009",
                    "gtin_level": "pallet",
                    "contained_quantity": 400,
                },
            ],
        )
        self.assertEqual(self.prefix.used_count, 1)
        self.assertEqual(
            self.box.product_tmpl_id.packaging_gtin_ids, self.packagings(self.box)
        )

    def test_packagings_can_have_item_references_of_their_own(self):
        self.wizard(self.box, own_references=True).action_give()
        self.assertEqual(
            self.packagings(self.box).mapped("barcode"),
            ["9520009000012", "9520009000029"],
        )
        self.assertEqual(self.prefix.used_count, 3)

    def test_packagings_can_be_left_out(self):
        self.wizard(self.box, with_packagings=False).action_give()
        self.assertFalse(self.box.product_uom_ids)

    def test_a_packaging_that_came_later_gets_the_next_indicator(self):
        self.box.uom_ids = self.case_unit
        self.wizard(self.box).action_give()
        self.box.uom_ids |= self.pallet_unit
        wizard = self.wizard(self.box)
        self.assertEqual(wizard.line_ids.gtin, "29520009000009")

    def test_the_indicator_of_a_dropped_packaging_is_not_given_again(self):
        self.box.uom_ids = self.case_unit
        self.wizard(self.box).action_give()
        self.box.product_uom_ids.unlink()
        self.assertEqual(self.wizard(self.box).line_ids.gtin, "29520009000009")

    def test_after_eight_indicators_there_is_none(self):
        self.box.uom_ids = self.case_unit
        for _time in range(8):
            self.wizard(self.box).action_give()
            self.box.product_uom_ids.unlink()
        line = self.wizard(self.box).line_ids
        self.assertIn("All eight indicator digits of Box", line.refusal)
        own = self.wizard(self.box, own_references=True)
        self.assertEqual(own.line_ids.gtin, "09520009000012")

    def test_packagings_of_a_foreign_gtin_are_not_ours_to_number(self):
        self.phone.uom_ids = self.case_unit
        wizard = self.wizard(self.phone)
        self.assertIn("Whoever holds its prefix", wizard.line_ids.refusal)
        with self.assertRaisesRegex(UserError, "None of these products"):
            wizard.action_give()

    def test_a_packaging_cannot_share_what_is_no_gtin(self):
        self.cable.write({"barcode": "CABLE-1", "uom_ids": self.case_unit.ids})
        wizard = self.wizard(self.cable)
        self.assertIn("Cable has no GTIN", wizard.line_ids.refusal)

    def test_a_case_that_is_scanned_is_its_product(self):
        self.phone.write({"barcode": False, "uom_ids": self.case_unit.ids})
        self.wizard(self.phone).action_give()
        case = gtin_14(self.phone.product_uom_ids.barcode)
        receipt = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, 1)],
        )
        receipt.action_confirm()
        resolver = self.env["serial.resolver"].with_user(self.operator)
        (result,) = resolver.resolve([f"(01){case}(21)S-1"], receipt.id)
        self.assertEqual(
            (result["verdict"], result["product_id"]), ("ok", self.phone.id)
        )

    def test_units_of_a_shared_product_serve_all_companies(self):
        self.wizard(self.box).action_give()
        self.assertFalse(self.box.product_uom_ids.company_id)
