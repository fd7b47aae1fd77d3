from odoo import fields

from ..common import SerialCase


class BlockCase(SerialCase):
    """Blocks of phone numbers for two suppliers and for a line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_supplier = cls.env["res.partner"].create({"name": "Other Maker"})
        cls.scheme = cls.env["serial.scheme"].create(
            {"name": "Phones", "kind": "random", "length": 12}
        )

    @classmethod
    def block(cls, quantity=3, **values):
        """Return a draft block for the supplier, as the quality manager makes it."""
        return (
            cls.env["serial.block"]
            .with_user(cls.quality_manager)
            .create(
                {
                    "partner_id": cls.supplier.id,
                    "product_id": cls.phone.id,
                    "scheme_id": cls.scheme.id,
                    "quantity": quantity,
                    **values,
                }
            )
        )

    @classmethod
    def open_block(cls, quantity=3, **values):
        """Return an open block and its numbers."""
        block = cls.block(quantity, **values)
        block.action_open()
        return block, block._get_unused()

    @classmethod
    def days(cls, count):
        return fields.Date.add(fields.Date.context_today(cls.env.user), days=count)

    @classmethod
    def open_receipt(cls, partner=None, quantity=5):
        picking = cls.transfer(
            cls.warehouse.in_type_id,
            cls.supplier_location,
            cls.stock_location,
            [(cls.phone, quantity)],
            partner=partner or cls.supplier,
        )
        picking.action_confirm()
        return picking

    def scan(self, picking, *numbers):
        """Scan numbers of phones on a transfer; return the verdicts."""
        return [
            picking.serial_scan(f"(01)09520001100017(21){number}", f"{number}-{index}")[
                "verdict"
            ]
            for index, number in enumerate(numbers)
        ]

    def cases(self, **values):
        cases = self.env["serial.case"].search([])
        return cases.filtered(
            lambda case: all(case[name] == value for name, value in values.items())
        )
