from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.serial_traceability.tests.scanning.common import ScanCase


class PurchaseCase(ScanCase):
    """An order of phones and watches at a supplier who announces what he sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(
            cls.env, login="serial_buyer", groups="purchase.group_purchase_user"
        )
        cls.order = cls.buy((cls.phone, 3), (cls.watch, 2))
        cls.incoming = cls.order.picking_ids

    @classmethod
    def buy(cls, *lines, confirm=True):
        """Return an order of ``lines``, pairs of product and quantity, by the buyer."""
        order = (
            cls.env["purchase.order"]
            .with_user(cls.buyer)
            .create(
                {
                    "partner_id": cls.supplier.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "product_qty": quantity}
                        )
                        for product, quantity in lines
                    ],
                }
            )
        )
        if confirm:
            order.button_confirm()
        return order

    def announce(self, *texts, order=None, **options):
        """Announce for an order; return the verdicts."""
        results = (order or self.order).announce_serials(list(texts), **options)
        return [result["verdict"] for result in results]

    def states(self, *pickings):
        """Return ``{serial: state}`` of the lists of receipts."""
        rows = self.env["serial.announced"].search(
            [("picking_id", "in", [picking.id for picking in pickings])]
        )
        return {row.name: row.state for row in rows}

    def split(self, picking):
        """Divide a receipt: return a second open one of the same order."""
        second = picking.sudo().copy({"move_ids": []})
        for move in picking.sudo().move_ids:
            part = move.copy(
                {
                    "picking_id": second.id,
                    "product_uom_qty": 1,
                    "purchase_line_id": move.purchase_line_id.id,
                }
            )
            move.product_uom_qty -= 1
            part._action_confirm(merge=False)
        second.action_assign()
        return second
