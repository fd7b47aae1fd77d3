from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosExceptions(PosCase):
    """What is gone already is recorded as it happened, and listed with its order."""

    def test_what_was_sold_offline_is_recorded_and_listed(self):
        self.hold(self.phones[0])
        order = self.sync(
            self.sale(self.phones[:2], partner=self.customer, serial_handed_over=True)
        )
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(self.on_hand(self.phones[0]), 0)
        exception = self.exceptions()
        self.assertRecordValues(
            exception,
            [
                {
                    "order_id": order.id,
                    "lot_id": self.phones[0].id,
                    "product_id": self.phone.id,
                    "quantity": 1,
                    "circumstance": "handed_over",
                    "partner_id": self.customer.id,
                    "picking_id": order.picking_ids.id,
                    "state": "open",
                    "sold_time": order.date_order,
                }
            ],
        )
        self.assertIn("P1 of Phone is on hold", exception.why)
        self.assertEqual(order.serial_exception_count, 1)

    def test_a_lot_is_listed_with_its_quantity(self):
        self.hold(self.reel)
        self.sync(self.sale(self.reel, quantity=3, serial_handed_over=True))
        self.assertEqual(self.on_hand(self.reel), 7)
        self.assertEqual(self.exceptions().mapped("quantity"), [3])

    def test_a_unit_held_before_the_session_closes_does_not_stop_the_closing(self):
        self.session.update_stock_at_closing = True
        orders = self.sync(self.sale(self.phones[0])) | self.sync(
            self.sale(self.phones[1])
        )
        self.hold(self.phones[:2])
        self.assertFalse(orders.picking_ids)
        self.close()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(self.session.picking_ids.state, "done")
        self.assertEqual([self.on_hand(lot) for lot in self.phones], [0, 0, 1])
        found = {each.lot_id: each.order_id for each in self.exceptions()}
        self.assertEqual(found, dict(zip(self.phones[:2], orders, strict=True)))
        self.assertEqual(set(self.exceptions().mapped("circumstance")), {"held_since"})

    def test_what_comes_when_its_session_is_over_is_recorded_and_listed(self):
        self.hold(self.phones[0])
        sale = self.sale(self.phones[0])
        self.close()
        self.till.with_user(self.cashier).open_ui()
        self.till.current_session_id.update_stock_at_closing = False
        # Odoo logs a warning of it.
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            order = self.sync(sale)
        self.assertNotEqual(order.session_id, self.session)
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(self.exceptions().mapped("circumstance"), ["handed_over"])

    def test_what_is_not_held_is_not_listed(self):
        self.hold(self.phones[0])
        self.sync(self.sale(self.phones[1:], serial_handed_over=True))
        self.session.update_stock_at_closing = True
        self.sync(self.sale(self.reel))
        self.close()
        self.assertFalse(self.exceptions())

    def test_a_return_that_a_reason_forbids_is_recorded_and_listed(self):
        reason = self.reason.sudo().copy({"open_to_customer_return": False})
        self.session.update_stock_at_closing = True
        order = self.sync(self.sale(self.phones[0]))
        action = order.with_user(self.cashier).refund()
        back = self.env["pos.order"].browse(action["res_id"])
        payment = self.env["pos.make.payment"].with_context(active_id=back.id)
        payment.create(
            {
                "amount": back.amount_total,
                "payment_method_id": self.bank_payment_method.id,
            }
        ).check()
        self.hold(self.phones[0], reason)
        self.close()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(self.on_hand(self.phones[0]), 1)
        self.assertEqual(set(self.exceptions().order_id), {order, back})

    def test_the_hold_stands_after_the_sale(self):
        self.hold(self.phones[0])
        self.sync(self.sale(self.phones[0], serial_handed_over=True))
        self.assertTrue(self.phones[0].is_locked)

    def test_the_quality_manager_gets_one_activity_an_order(self):
        self.hold(self.phones)
        order = self.sync(self.sale(self.phones[:2], serial_handed_over=True))
        activity = self.exceptions().sudo().activity_ids
        self.assertEqual(activity.user_id, self.quality_manager)
        self.assertIn("P1, P2", activity.note)
        self.assertIn(order.name, activity.note)
        self.exceptions().with_user(self.quality_manager).action_close()
        self.assertFalse(self.exceptions().sudo().activity_ids)

    def test_nobody_to_call_is_no_reason_to_stop(self):
        self.hold(self.phones[0])
        managers = self.env.ref("serial_traceability.group_serial_quality_manager")
        managers.all_user_ids.active = False
        self.sync(self.sale(self.phones[0], serial_handed_over=True))
        self.assertTrue(self.exceptions())
        self.assertFalse(self.exceptions().sudo().activity_ids)

    def test_what_is_sent_again_is_listed_once(self):
        self.hold(self.phones[0])
        sale = self.sale(self.phones[0], serial_handed_over=True)
        first = self.sync({**sale})
        self.assertEqual(self.sync({**sale}), first)
        self.assertEqual(len(self.exceptions()), 1)

    # ---- Who may do what ----

    def listed(self):
        self.hold(self.phones[0])
        self.sync(self.sale(self.phones[0], serial_handed_over=True))
        return self.exceptions()

    def test_a_quality_manager_concludes_and_closes(self):
        exception = self.listed().with_user(self.quality_manager)
        exception.conclusion = "Called back"
        exception.action_close()
        self.assertRecordValues(
            exception, [{"state": "closed", "conclusion": "Called back"}]
        )
        exception.action_reopen()
        self.assertEqual(exception.state, "open")

    def test_others_read_or_do_not(self):
        exception = self.listed()
        for user in (self.operator, self.auditor, self.service):
            exception.with_user(user).read(["why"])
            with self.assertRaises(AccessError):
                exception.with_user(user).action_close()
            with self.assertRaises(AccessError):
                exception.with_user(user).conclusion = "Nothing"
        portal = new_test_user(self.env, login="pos_portal", groups="base.group_portal")
        for user in (self.cashier, portal):
            with self.assertRaises(AccessError):
                exception.with_user(user).read(["why"])
            with self.assertRaises(AccessError):
                exception.with_user(user).action_close()

    def test_what_happened_stands(self):
        exception = self.listed().with_user(self.quality_manager)
        for values in (
            {"lot_id": self.phones[1].id},
            {"state": "closed"},
            {"sold_time": fields.Datetime.now()},
            {"why": "Nothing"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                exception.write(values)
        with self.assertRaises(AccessError):
            exception.unlink()
        with self.assertRaises(AccessError):
            exception.copy()

    def test_another_company_is_out_of_reach(self):
        exception = self.listed()
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="pos_stranger",
            groups="serial_traceability.group_serial_quality_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(exception.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            exception.with_user(stranger).action_close()
