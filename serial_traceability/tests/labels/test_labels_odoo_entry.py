from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelOdooEntry(LabelCase):
    """Odoo's own dialogs for labels offer ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["A1", "A2"])

    def follow(self, action):
        """Return the wizard that an action opens."""
        self.assertEqual(action["res_model"], "serial.label.wizard")
        model = self.env["serial.label.wizard"].with_user(self.operator)
        return model.with_context(**action["context"]).create({})

    def test_the_labels_of_a_transfer_offer_ours(self):
        chooser = (
            self.env["picking.label.type"]
            .with_user(self.operator)
            .create({"picking_ids": self.receipt.ids, "label_type": "lots"})
        )
        action = chooser.process()
        layout = (
            self.env["lot.label.layout"]
            .with_user(self.operator)
            .with_context(**action["context"])
            .create({"print_format": "gs1"})
        )
        wizard = self.follow(layout.process())
        self.assertEqual(wizard.lot_ids, self.phones)
        self.assertEqual(wizard.picking_id, self.receipt)

    def test_product_labels_of_a_transfer_offer_ours(self):
        action = self.receipt.with_user(self.operator).action_open_label_layout()
        layout = (
            self.env["product.label.layout"]
            .with_user(self.operator)
            .with_context(**action["context"])
            .create({"print_format": "gs1"})
        )
        self.assertEqual(self.follow(layout.process()).lot_ids, self.phones)

    def test_product_labels_without_serials_say_where_to_print_them(self):
        layout = (
            self.env["product.label.layout"]
            .with_user(self.operator)
            .create({"print_format": "gs1", "product_ids": self.phone.ids})
        )
        with self.assertRaisesRegex(UserError, "name single units"):
            layout.process()

    def test_odoos_own_labels_are_still_there(self):
        for model, lines in (
            ("lot.label.layout", {"move_line_ids": self.receipt.move_line_ids.ids}),
            ("product.label.layout", {"product_ids": self.phone.ids}),
        ):
            layout = self.env[model].with_user(self.operator).create(lines)
            self.assertEqual(layout.process()["type"], "ir.actions.report")

    def test_the_print_menus_offer_ours(self):
        for model in (
            "stock.lot",
            "stock.package",
            "stock.picking",
            "serial.batch",
            "serial.block",
            "serial.issue",
            "serial.number",
        ):
            bindings = self.env["ir.actions.actions"].with_user(self.operator)
            found = bindings.get_bindings(model).get("report", ())
            self.assertIn("GS1 Labels", [action["name"] for action in found], model)
