from odoo.tests import tagged

from odoo.addons.serial_traceability.tests.scanning.common import symbol

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseReceipts(PurchaseCase):
    """What was announced for an order is checked off on its receipts."""

    def verdicts(self, picking, *texts):
        results = self.resolve(picking.with_user(self.operator), *texts)
        return [(result["level"], result["verdict"]) for result in results]

    def test_a_receipt_refuses_what_was_not_announced_where_the_policy_says_so(self):
        self.phone.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Strict", "unexpected_serial": "refuse"}
        )
        self.announce(symbol("A1"))
        self.assertEqual(
            self.verdicts(self.incoming, symbol("A1"), symbol("X1")),
            [("good", "ok"), ("wrong", "not_expected")],
        )

    def test_a_supplier_who_must_announce_brings_nothing_else(self):
        second = self.split(self.incoming)
        self.phone.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Announced", "numbered_by": "announced"}
        )
        self.assertEqual(
            self.verdicts(second, symbol("A1")), [("wrong", "not_expected")]
        )
        self.announce(symbol("A1"))
        self.assertEqual(
            self.verdicts(second, symbol("A1"), symbol("X1")),
            [("good", "ok"), ("wrong", "not_expected")],
        )

    def test_what_did_not_come_is_expected_on_the_backorder(self):
        self.announce(symbol("A1"), symbol("A2"))
        self.scan_in(self.incoming, symbol("A1"))
        receipt = self.incoming.with_user(self.operator)
        receipt.with_context(skip_backorder=True).button_validate()
        backorder = self.order.picking_ids - self.incoming
        self.assertEqual(self.states(self.incoming), {"A1": "received"})
        self.assertEqual(self.states(backorder), {"A2": "expected"})
        self.assertEqual(
            self.verdicts(backorder, symbol("A2"), symbol("A1")),
            [("good", "ok"), ("wrong", "in_stock")],
        )

    def test_serials_are_listed_on_the_receipts_that_ask_for_them(self):
        second = self.split(self.incoming)
        self.announce(symbol("A1"), symbol("A2"), symbol("A3"), symbol("A4"))
        self.assertEqual(set(self.states(self.incoming)), {"A1", "A2"})
        self.assertEqual(set(self.states(second)), {"A3", "A4"})

    def test_any_receipt_of_the_order_may_bring_a_serial(self):
        second = self.split(self.incoming)
        self.announce(symbol("A1"), symbol("A2"), symbol("A3"))
        self.assertEqual(self.states(second), {"A3": "expected"})
        self.assertEqual(self.verdicts(second, symbol("A1")), [("good", "ok")])
        self.scan_in(second, symbol("A1"))
        self.assertEqual(self.states(second), {"A1": "scanned", "A3": "expected"})
        self.assertEqual(self.states(self.incoming), {"A2": "expected"})
        self.assertEqual(self.order.announced_count, 3)

    def test_another_order_of_the_supplier_does_not_bring_it(self):
        other = self.buy((self.phone, 1))
        self.announce(symbol("A1"))
        self.announce(symbol("B1"), order=other)
        self.assertEqual(
            self.verdicts(other.picking_ids, symbol("A1")),
            [("warning", "not_expected")],
        )

    def test_what_came_on_one_receipt_before_it_was_announced_is_taken_over(self):
        second = self.split(self.incoming)
        self.announce(symbol("A1"), symbol("A2"), symbol("A3"))
        self.scan_in(second, symbol("X1"))
        self.assertEqual(self.states(second)["X1"], "surplus")
        self.announce(symbol("X1"))
        self.env["serial.announced"]._check_off(second)
        states = self.states(self.incoming, second)
        self.assertEqual(states["X1"], "scanned")

    def test_what_an_order_missed_may_be_announced_anew(self):
        self.announce(symbol("A1"), symbol("A2"))
        self.scan_in(self.incoming, symbol("A1"))
        receipt = self.incoming.with_user(self.operator)
        receipt.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=receipt.ids
        ).button_validate()
        self.assertEqual(self.states(receipt), {"A1": "received", "A2": "missing"})
        self.order.order_line[0].product_qty = 5
        again = self.order.picking_ids - self.incoming
        self.assertTrue(again)
        self.assertEqual(self.announce(symbol("A2"), symbol("A1"))[0], "ok")
        self.assertEqual(self.states(again)["A2"], "expected")
        self.assertRecordValues(
            self.order,
            [
                {
                    "announced_count": 2,
                    "announced_arrived_count": 1,
                    "announced_missing_count": 1,
                }
            ],
        )

    def test_a_return_to_the_supplier_has_no_list(self):
        self.announce(symbol("A1"))
        self.scan_in(self.incoming, symbol("A1"))
        receipt = self.incoming.with_user(self.operator)
        receipt.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=receipt.ids
        ).button_validate()
        lot = self.env["stock.lot"].search([("name", "=", "A1")])
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.operator)
            .create({"picking_id": receipt.id})
        )
        wizard.product_return_moves.filtered(
            lambda line: line.product_id == self.phone
        ).quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertFalse(self.order._get_open_receipts())
        self.assertEqual(back.move_ids.move_line_ids.lot_id, lot)
