from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosRefusals(PosCase):
    """A till neither proposes nor sells a unit on hold."""

    def proposed(self, product):
        lines = self.env["pos.order.line"].with_user(self.cashier)
        found = lines.get_existing_lots(self.company.id, self.till.id, product.id)
        return sorted(lot["name"] for lot in found)

    def held(self, product, user=None):
        lines = self.env["pos.order.line"].with_user(user or self.cashier)
        return lines.get_held_lots(self.till.id, product.id)

    def test_a_locked_serial_is_not_proposed(self):
        self.assertEqual(self.proposed(self.phone), ["P1", "P2", "P3"])
        self.assertFalse(self.held(self.phone))
        self.hold(self.phones[0])
        self.assertEqual(self.proposed(self.phone), ["P2", "P3"])

    def test_a_locked_lot_is_not_proposed(self):
        self.hold(self.reel)
        self.assertFalse(self.proposed(self.cable))

    def test_the_till_is_told_why_a_serial_is_stopped(self):
        self.hold(self.phones[0])
        self.assertEqual(
            self.held(self.phone),
            [{"name": "P1", "message": "P1 is on hold: Quality. Take another unit."}],
        )

    def test_the_till_knows_the_mark_of_what_it_handed_over(self):
        order = self.sync(self.sale(self.phones[0], state="draft", payment_ids=[]))
        orders = self.env["pos.order"].with_user(self.cashier)
        [read] = orders._load_pos_data_read(order.with_user(self.cashier), self.till)
        self.assertIs(read["serial_handed_over"], False)

    def test_who_sells_nothing_is_told_nothing(self):
        with self.assertRaises(AccessError):
            self.held(self.phone, self.auditor)

    def test_another_company_is_told_nothing(self):
        self.hold(self.phones[0])
        company = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = self.cashier.sudo().copy(
            {
                "login": "serial_other_cashier",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.held(self.phone, stranger)

    def test_a_locked_serial_is_not_sold(self):
        self.hold(self.phones[0])
        with self.assertRaisesRegex(UserError, "P1 of Phone is on hold.*Quality"):
            self.sync(self.sale(self.phones[:2]))
        self.assertFalse(self.exceptions())

    def test_a_locked_lot_is_not_sold(self):
        self.hold(self.reel)
        with self.assertRaisesRegex(UserError, "C1 of Cable is on hold"):
            self.sync(self.sale(self.reel, quantity=2))

    def test_a_locked_serial_is_not_sold_where_stock_is_updated_at_closing(self):
        self.session.update_stock_at_closing = True
        self.hold(self.phones[0])
        with self.assertRaisesRegex(UserError, "P1 of Phone is on hold"):
            self.sync(self.sale(self.phones[0]))

    def test_an_order_that_is_not_paid_yet_may_name_it(self):
        self.hold(self.phones[0])
        sale = self.sale(self.phones[0], state="draft", payment_ids=[])
        order = self.sync(sale)
        self.assertEqual(order.state, "draft")
        payment = self.env["pos.make.payment"].with_context(active_id=order.id)
        payment = payment.create(
            {"amount": 10, "payment_method_id": self.bank_payment_method.id}
        )
        with self.assertRaisesRegex(UserError, "P1 of Phone is on hold"):
            payment.check()

    def test_other_units_are_sold(self):
        self.hold(self.phones[0])
        order = self.sync(self.sale(self.phones[1:] | self.reel))
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.picking_ids.state, "done")
        self.assertFalse(self.exceptions())

    def test_a_locked_unit_comes_back_where_its_reason_allows(self):
        order = self.sync(self.sale(self.phones[0]))
        self.hold(self.phones[0])
        back = self.refund(order)
        self.assertEqual(back.picking_ids.state, "done")
        self.assertEqual(self.on_hand(self.phones[0]), 1)
        self.assertFalse(self.exceptions())

    def refund(self, order):
        action = order.with_user(self.cashier).refund()
        back = self.env["pos.order"].browse(action["res_id"])
        payment = self.env["pos.make.payment"].with_context(active_id=back.id)
        payment = payment.create(
            {
                "amount": back.amount_total,
                "payment_method_id": self.bank_payment_method.id,
            }
        )
        payment.check()
        return back

    def test_checking_costs_the_same_for_any_number_of_units(self):
        def count(many):
            lots = self.receive(self.phone, [f"N{many}-{i}" for i in range(many)])
            order = self.sync(self.sale(lots, state="draft", payment_ids=[])).with_env(
                self.env
            )
            passings = order.lines._get_serial_passings(*order._get_serial_places())
            self.assertEqual(len(passings), many)
            gate = self.env["serial.gate"]
            gate._check(passings, lock=True)
            return self.count_queries(gate._check, passings)

        counts = [count(many) for many in (1, 10, 100)]
        self.assertEqual(len(set(counts)), 1, counts)
