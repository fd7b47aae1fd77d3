from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .genealogy_common import GenealogyCase


class MrpLockCase(GenealogyCase):
    """Batteries B1 to B6, of which some are held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("serial_traceability.hold_reason_quality")

    @classmethod
    def place(cls, lots, reason=None):
        """Hold lots as a quality manager does."""
        lock = cls.env["serial.lock"].with_user(cls.quality_manager).sudo()
        lock._place(lots, reason or cls.reason)
        lots.invalidate_recordset()

    @classmethod
    def battery_move(cls, order):
        return order.move_raw_ids.filtered(lambda move: move.product_id == cls.battery)

    def assert_refused(self, lot):
        return self.assertRaisesRegex(UserError, f"{lot.name} of .* is on hold")

    def assert_unused(self, lot, quantity=1):
        """Expect a lot to be where it was."""
        self.env.invalidate_all()
        self.assertEqual(lot.with_user(self.auditor).product_qty, quantity)


@tagged("post_install", "-at_install")
class TestMrpLockConsumption(MrpLockCase):
    """A held component is not used up, in whatever way production asks for it."""

    def test_held_component_is_not_reserved(self):
        self.place(self.batteries[:4])
        order = self.order(2)
        self.assertEqual(self.battery_move(order).lot_ids, self.batteries[4:])

    def test_an_order_waits_where_all_components_are_held(self):
        self.place(self.batteries)
        order = self.order(1)
        self.assertFalse(self.battery_move(order).lot_ids)
        self.assertNotEqual(order.reservation_state, "assigned")

    def test_held_lot_is_not_reserved(self):
        self.place(self.cables)
        order = self.order(1)
        move = order.move_raw_ids - self.battery_move(order)
        self.assertFalse(move.move_line_ids)

    def test_held_component_cannot_be_among_the_serials_of_a_component(self):
        self.place(self.batteries[0])
        move = self.battery_move(self.order(1))
        with self.assert_refused(self.batteries[0]):
            move.lot_ids = self.batteries[0]

    def test_line_of_a_component_cannot_be_changed_to_a_held_one(self):
        self.place(self.batteries[0])
        line = self.battery_move(self.order(1)).move_line_ids
        self.assertEqual(line.lot_id, self.batteries[1])
        with self.assert_refused(self.batteries[0]):
            line.lot_id = self.batteries[0]
        quant = self.batteries[0].quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        )
        with self.assert_refused(self.batteries[0]):
            line.quant_id = quant

    def test_number_of_a_held_component_cannot_be_typed(self):
        self.place(self.batteries[0])
        order = self.order(1)
        move = self.battery_move(order)
        values = {
            "move_id": move.id,
            "product_id": self.battery.id,
            "lot_name": "B1",
            "quantity": 1,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }
        with self.assert_refused(self.batteries[0]):
            self.env["stock.move.line"].with_user(self.maker).create(values)

    def test_held_component_cannot_be_chosen_for_a_unit(self):
        self.place(self.batteries[5])
        with self.assert_refused(self.batteries[5]):
            self.make("P1", "P2", choose=[(0, 5)], finish=False)

    def test_a_hold_takes_a_component_off_its_order(self):
        order = self.order(1)
        taken = self.battery_move(order).lot_ids
        self.place(taken)
        self.assertNotIn(taken, self.battery_move(order).lot_ids)

    def test_producing_all_at_once_takes_no_held_component(self):
        order = self.order(1, confirm=False)
        self.place(self.batteries[:5])
        order.action_confirm()
        self.dialog(order, "P1").action_apply()
        self.finish(order)
        self.assertEqual(self.battery_move(order).lot_ids, self.batteries[5])
        for lot in self.batteries[:5]:
            self.assert_unused(lot)

    def test_nothing_is_produced_of_held_components_alone(self):
        self.place(self.batteries)
        order = self.order(1)
        self.dialog(order, "P1").action_apply()
        order.qty_producing = 1
        order._set_qty_producing()
        with self.assertRaises(UserError):
            self.finish(order)
        for lot in self.batteries:
            self.assert_unused(lot)

    def test_a_component_that_is_held_after_it_was_picked_is_not_used_up(self):
        order = self.order(1)
        self.dialog(order, "P1").action_apply()
        order.qty_producing = 1
        order._set_qty_producing()
        held = self.battery_move(order).lot_ids
        self.assertEqual(len(held), 1)
        self.assertTrue(all(self.battery_move(order).move_line_ids.mapped("picked")))
        self.place(held)
        self.finish(order)
        self.assertEqual(order.state, "done")
        self.assertNotIn(held, self.battery_move(order).lot_ids)
        self.assert_unused(held)

    def test_a_recall_that_has_yet_to_hold_a_component_refuses_it(self):
        order = self.order(1)
        self.dialog(order, "P1").action_apply()
        used = self.battery_move(order).lot_ids
        recall = (
            self.env["serial.recall"]
            .with_user(self.quality_manager)
            .create(
                {
                    "title": "Overheats",
                    "scope_ids": [Command.create({"lot_ids": [Command.set(used.ids)]})],
                }
            )
        )
        recall._note({"state": "stop_ship"})
        with self.assertRaisesRegex(UserError, recall.name):
            self.finish(order)
        self.assert_unused(used)

    def test_backorder_and_split_orders_take_no_held_component(self):
        order = self.order(3)
        self.dialog(order, "P1").action_apply()
        order.qty_producing = 1
        order._set_qty_producing()
        backorder = order.sudo()._split_productions()[1:]
        self.place(self.battery_move(backorder).lot_ids)
        backorder.do_unreserve()
        backorder.action_assign()
        self.assertFalse(any(self.battery_move(backorder).lot_ids.mapped("is_locked")))

    def test_merged_orders_take_no_held_component(self):
        orders = self.order(1) | self.order(1)
        self.place(self.batteries[:2])
        action = orders.action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        merged.action_assign()
        self.assertEqual(self.battery_move(merged).lot_ids, self.batteries[2:4])

    def test_a_done_order_cannot_be_corrected_to_a_held_component(self):
        order = self.make("P1")
        self.place(self.batteries[5])
        line = self.battery_move(order).move_line_ids
        with self.assert_refused(self.batteries[5]):
            line.sudo().lot_id = self.batteries[5]
        values = line.copy_data({"lot_id": self.batteries[5].id, "quantity": 1})
        with self.assert_refused(self.batteries[5]):
            line.sudo().create([{**values[0], "move_id": line.move_id.id}])

    def test_held_component_may_be_scrapped_in_the_course_of_an_order(self):
        order = self.order(1)
        self.place(self.batteries[5])
        scrap = self.env["stock.scrap"].create(
            {
                "production_id": order.id,
                "product_id": self.battery.id,
                "lot_id": self.batteries[5].id,
                "scrap_qty": 1,
            }
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")
        [event] = self.events(self.batteries[5], movement="scrap")
        self.assertEqual(event.document_res_id, scrap.id)

    def test_work_orders_take_no_held_component(self):
        center = self.env["mrp.workcenter"].create({"name": "Line"})
        self.bom.operation_ids = [
            Command.create({"name": "Assemble", "workcenter_id": center.id})
        ]
        order = self.order(1)
        held = self.battery_move(order).lot_ids
        self.dialog(order, "P1").action_apply()
        order.workorder_ids.button_start()
        self.place(held)
        order.workorder_ids.button_finish()
        self.assertFalse(held & self.battery_move(order).lot_ids)
        self.assert_unused(held)

    def test_components_that_are_brought_to_the_line_first(self):
        self.warehouse.manufacture_steps = "pbm"
        held = self.batteries[:5]
        self.place(held)
        order = self.order(1)
        picking = order.picking_ids
        picking.action_assign()
        batteries = picking.move_line_ids.lot_id - self.cables
        self.assertEqual(batteries, self.batteries[5])
        self.place(batteries)
        self.assertFalse(picking.move_line_ids.lot_id & batteries)

    def test_a_component_that_is_held_on_the_line_is_not_consumed(self):
        self.warehouse.manufacture_steps = "pbm"
        order = self.order(1)
        picking = order.picking_ids
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        brought = picking.move_line_ids.lot_id - self.cables
        self.place(brought)
        order.action_assign()
        self.assertFalse(self.battery_move(order).lot_ids & brought)
        with self.assert_refused(brought):
            self.battery_move(order).lot_ids = brought

    def test_lifting_a_hold_lets_the_order_go_on(self):
        self.place(self.batteries)
        order = self.order(1)
        lock = self.env["serial.lock"].with_user(self.quality_manager).sudo()
        lock._lift(self.batteries.hold_ids, "Checked")
        order.action_assign()
        self.dialog(order, "P1").action_apply()
        self.finish(order)
        self.assertEqual(order.state, "done")
