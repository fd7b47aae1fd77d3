from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.serial_traceability.tests.scanning.common import symbol

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpNumbering(MrpCase):
    """Orders take the numbers of the policy's scheme."""

    def test_one_unit_gets_its_number_at_once(self):
        order = self.order()
        lot = self.generate(order)
        self.assertRecordValues(
            lot, [{"product_id": self.phone.id, "disposition": False}]
        )
        self.assertEqual(len(lot.name), 10)
        self.assertEqual(self.numbers(), {lot.name: "issued"})
        self.assertEqual(order.qty_producing, 1)

    def test_many_units_get_theirs_from_the_dialog(self):
        order = self.order(5)
        lots = self.generate(order)
        self.assertEqual(len(lots), 5)
        self.assertEqual(self.numbers(), dict.fromkeys(lots.mapped("name"), "issued"))
        numbers = self.env["serial.number"].search([("lot_id", "in", lots.ids)])
        self.assertEqual(numbers.production_id, order)
        self.assertEqual(len(numbers), 5)
        self.assertEqual(order.qty_producing, 5)

    def test_producing_a_single_unit_needs_no_other_button(self):
        order = self.finish(self.order())
        self.assertEqual(order.state, "done")
        self.assertEqual(
            self.numbers(order.lot_producing_ids.name),
            {order.lot_producing_ids.name: "commissioned"},
        )

    def test_the_dialog_says_where_numbers_come_from(self):
        dialog = self.dialog(self.order(2))
        self.assertRecordValues(
            dialog, [{"is_numbered_here": True, "serial_source": "Made"}]
        )

    def test_what_was_generated_and_not_kept_is_offered_again(self):
        order = self.order(3)
        first, second = self.dialog(order), self.dialog(order)
        first.action_generate_serial_numbers()
        second.action_generate_serial_numbers()
        self.assertEqual(first.serial_numbers, second.serial_numbers)
        second.action_apply()
        kept = order.lot_producing_ids
        order.action_clear_lot_producing_ids()
        self.assertEqual(self.generate(order), kept)
        self.assertEqual(len(self.numbers()), 3)

    def test_the_number_of_one_unit_that_was_cleared_is_taken_again(self):
        order = self.order()
        lot = self.generate(order)
        order.action_clear_lot_producing_ids()
        self.assertEqual(self.generate(order), lot)
        self.assertEqual(len(self.numbers()), 1)

    def test_generating_fills_up_what_is_listed(self):
        other = self.order(1)
        number = other._take_numbers(1)[0]
        order = self.order(3)
        dialog = self.dialog(order, number)
        dialog.action_generate_serial_numbers()
        names = dialog.serial_numbers.split("\n")
        self.assertEqual((names[0], len(set(names))), (number, 3))

    def test_symbols_are_read_as_the_numbers_that_they_carry(self):
        order = self.order(2)
        names = order._take_numbers(2)
        dialog = self.dialog(order, symbol(names[0]), f" {names[1]} ", names[1])
        dialog.action_apply()
        self.assertEqual(set(order.lot_producing_ids.mapped("name")), set(names))

    def test_a_number_that_nobody_issued_is_refused(self):
        order = self.order(2)
        names = order._take_numbers(1)
        dialog = self.dialog(order, *names, "0000007")
        action = dialog.action_apply()
        self.assertEqual(action["res_id"], dialog.id)
        self.assertIn("0000007 is none", dialog.refusal)
        self.assertFalse(order.lot_producing_ids)

    def test_a_number_entered_past_the_dialog_is_refused_at_the_end(self):
        order = self.order()
        order.lot_producing_ids = [
            Command.create({"name": "TYPED", "product_id": self.phone.id})
        ]
        with self.assertRaisesRegex(UserError, "TYPED is none"):
            self.finish(order)
        self.assertNotEqual(order.state, "done")

    def test_a_symbol_of_another_product_is_refused(self):
        dialog = self.dialog(self.order(), symbol("A1", "09520001300011"))
        dialog.action_apply()
        self.assertIn("Medicine is not asked for here", dialog.refusal)

    def test_no_more_numbers_than_units(self):
        order = self.order(2)
        for count, besides in ((3, ()), (2, ("A",)), (10_000_000, ())):
            with self.assertRaisesRegex(UserError, "makes 2 units"):
                order._take_numbers(count, besides)
        dialog = self.dialog(order)
        dialog.lot_quantity = 3
        with self.assertRaisesRegex(UserError, "makes 2 units"):
            dialog.action_generate_serial_numbers()
        self.assertFalse(self.numbers())

    def test_only_open_orders_take_numbers(self):
        draft = self.order(confirm=False)
        cancelled = self.order()
        cancelled.sudo().action_cancel()
        for order in (draft, cancelled, self.finish(self.order())):
            with self.assertRaisesRegex(UserError, "is not open"):
                order._take_numbers(1)

    def test_without_a_scheme_odoo_numbers(self):
        self.policy.scheme_id = False
        order = self.order()
        self.assertFalse(order.is_numbered_here)
        lot = self.generate(self.finish(order))
        self.assertFalse(self.numbers())
        self.assertEqual(
            self.movements(order.lot_producing_ids | lot), ["production", "assembly"]
        )

    def test_with_another_policy_odoo_numbers(self):
        self.policy.numbered_by = "scanned"
        order = self.order(2)
        self.assertFalse(order.is_numbered_here)
        dialog = self.dialog(order, "T1")
        dialog.lot_name, dialog.lot_quantity = "T1", 2
        dialog.action_generate_serial_numbers()
        dialog.action_apply()
        self.finish(order)
        self.assertEqual(order.lot_producing_ids.mapped("name"), ["T1", "T2"])
        self.assertEqual(
            self.movements(order.lot_producing_ids), ["production", "assembly"]
        )

    def test_a_scheme_that_is_exhausted_says_so(self):
        self.scheme.write({"kind": "sequential", "length": 1, "padded": True})
        order = self.order(20)
        with self.assertRaisesRegex(UserError, "numbers left"):
            order._take_numbers(20)

    def test_the_backorder_takes_what_is_left_of_the_orders_numbers(self):
        order = self.order(3)
        names = order._take_numbers(3)
        self.dialog(order, *names[:2]).action_apply()
        # Odoo asks for accounting rights where an order is divided or cancelled.
        order.sudo().with_context(
            skip_backorder=True, mo_ids_to_backorder=order.ids
        ).button_mark_done()
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(self.generate(backorder).name, names[2])
        self.finish(backorder)
        self.assertEqual(self.numbers(), dict.fromkeys(names, "commissioned"))

    def test_a_scheme_by_batch_needs_the_batch_and_gives_it(self):
        self.scheme.write(
            {"kind": "sequential", "prefix": "%(batch)s-", "per_batch": True}
        )
        batches = self.env["serial.batch"].create(
            [
                {
                    "name": name,
                    "product_id": self.phone.id,
                    "production_date": "2026-11-01",
                }
                for name in ("B7", "B8")
            ]
        )
        order = self.order(2)
        with self.assertRaisesRegex(UserError, "must name their batch"):
            order._take_numbers(2)
        order.serial_batch_id = batches[0]
        lots = self.generate(order)
        self.assertTrue(all(lot.name.startswith("B7-") for lot in lots))
        self.assertEqual(lots.batch_id, batches[0])
        self.assertEqual(
            set(lots.mapped("production_date")), {batches[0].production_date}
        )
        with self.assertRaisesRegex(UserError, "batch cannot change"):
            order.serial_batch_id = batches[1]
        order.qty_producing = 1
        self.assertEqual(
            order._get_backorder_mo_vals()["serial_batch_id"], batches[0].id
        )

    def test_a_policy_that_asks_for_the_batch_takes_the_orders(self):
        self.policy.require_batch = True
        batch = self.env["serial.batch"].create(
            {"name": "B7", "product_id": self.phone.id}
        )
        order = self.order(2, serial_batch_id=batch.id)
        self.assertEqual(self.generate(order).batch_id, batch)

    def test_a_batch_of_another_product_is_refused(self):
        batch = self.env["serial.batch"].create(
            {"name": "P1", "product_id": self.pack.id}
        )
        with self.assertRaisesRegex(ValidationError, "is one of Medicine"):
            self.order(serial_batch_id=batch.id)

    def test_numbers_issued_beforehand_are_commissioned_by_finishing(self):
        issues = self.env["serial.issue"].with_user(self.operator)
        with Form(issues) as form:
            form.product_id = self.phone
            self.assertFalse(form.commission)
            form.quantity = 2
        run = form.record
        run.action_start()
        names = run._get_numbers()
        order = self.order(2)
        self.dialog(order, *names).action_apply()
        self.assertEqual(self.numbers(), dict.fromkeys(names, "issued"))
        self.finish(order)
        self.assertEqual(self.numbers(), dict.fromkeys(names, "commissioned"))
        self.assertEqual(
            self.movements(order.lot_producing_ids), ["production", "assembly"]
        )

    def test_a_unit_that_is_made_anew_keeps_its_number(self):
        old = self.receive(self.phone, ["OLD"])
        order = self.order(confirm=False)
        order.move_raw_ids = [
            Command.create({"product_id": self.phone.id, "product_uom_qty": 1})
        ]
        order.action_confirm()
        order.action_assign()
        self.assertIn(old, order.move_raw_ids.lot_ids)
        dialog = self.dialog(order, "OLD")
        dialog.action_apply()
        self.assertFalse(dialog.refusal)
        self.finish(order)
        self.assertEqual(
            self.movements(old), ["receipt", "consumption", "production", "assembly"]
        )
