from odoo.tests import tagged

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosLedger(PosCase):
    """The ledger tells what a till did, and names its order."""

    def test_a_sale_names_its_order(self):
        order = self.sync(self.sale(self.phones[0], partner=self.customer))
        event = self.events(self.phones[0])[-1]
        self.assertRecordValues(
            event,
            [
                {
                    "movement": "delivery",
                    "document_model": "pos.order",
                    "document_res_id": order.id,
                    "document_name": order.name,
                }
            ],
        )

    def test_a_session_names_its_transfer(self):
        self.session.update_stock_at_closing = True
        self.sync(self.sale(self.phones[0]))
        self.sync(self.sale(self.phones[1]))
        self.close()
        picking = self.session.picking_ids
        events = self.events(self.phones[:2])
        self.assertEqual(
            set(events[-1:].mapped("document_name")), {picking.name}, events
        )

    def test_the_ledger_says_that_the_hold_was_passed(self):
        self.hold(self.phones[0])
        order = self.sync(self.sale(self.phones[0], serial_handed_over=True))
        override, delivery = self.events(self.phones[0])[-2:]
        self.assertEqual(delivery.movement, "delivery")
        self.assertEqual(override.document_res_id, order.id)
        self.assertIn("before it could be refused", override.reason)
        self.assertEqual(delivery.document_res_id, order.id)
