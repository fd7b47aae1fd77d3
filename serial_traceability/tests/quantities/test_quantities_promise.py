from odoo.fields import Command
from odoo.tests import tagged

from .common import QuantityCase


@tagged("post_install", "-at_install")
class TestQuantitiesPromise(QuantityCase):
    """What sale orders and transfers promise leaves locked units out."""

    def order(self, quantity):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.phone.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )

    def test_a_quotation_promises_what_is_free(self):
        line = self.order(3).order_line
        self.assertEqual([line.free_qty_today, line.virtual_available_at_date], [3, 3])
        holds = self.hold(self.phones[:2])
        self.assertEqual(
            [
                line.qty_available_today,
                line.free_qty_today,
                line.virtual_available_at_date,
            ],
            [3, 1, 1],
        )
        self.release(holds)
        self.assertEqual(line.free_qty_today, 3)

    def test_a_confirmed_order_is_not_answered_by_locked_units(self):
        order = self.order(3)
        self.hold(self.phones[:2])
        order.action_confirm()
        order.picking_ids.do_unreserve()
        move = order.picking_ids.move_ids
        self.assertEqual([move.availability, move.forecast_availability], [1, -2])

    def test_a_draft_transfer_sees_what_is_free(self):
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 3)],
        )
        self.assertEqual(picking.move_ids.forecast_availability, 3)
        self.hold(self.phones[0])
        self.assertLess(picking.move_ids.forecast_availability, 3)
