from odoo.fields import Command
from odoo.tests import tagged

from .test_mrp_lock_consumption import MrpLockCase


@tagged("post_install", "-at_install")
class TestMrpLockOutput(MrpLockCase):
    """Taking apart, making and delivering held units and kits of them."""

    def unbuild(self, order, lot):
        return (
            self.env["mrp.unbuild"]
            .with_user(self.maker)
            .create({"mo_id": order.id, "product_id": self.phone.id, "lot_id": lot.id})
        )

    def test_a_held_unit_is_not_taken_apart(self):
        order = self.make("P1")
        phone = order.lot_producing_ids
        self.place(phone)
        unbuild = self.unbuild(order, phone)
        with self.assert_refused(phone):
            unbuild.action_validate()
        with self.assert_refused(phone):
            unbuild.action_unbuild()
        self.assert_unused(phone)
        self.assertEqual(unbuild.state, "draft")

    def test_a_held_lot_is_not_taken_apart(self):
        glue = self.env["product.product"].create(
            {"name": "Glue", "is_storable": True, "tracking": "lot"}
        )
        bom = self.bom.copy({"product_tmpl_id": glue.product_tmpl_id.id})
        order = self.order(4, product=glue, bom_id=bom.id)
        lot = self.env["stock.lot"].create({"name": "G1", "product_id": glue.id})
        order.lot_producing_ids = lot
        self.finish(order)
        self.place(lot)
        unbuild = (
            self.env["mrp.unbuild"]
            .with_user(self.maker)
            .create({"mo_id": order.id, "product_id": glue.id, "lot_id": lot.id})
        )
        unbuild.product_qty = 1
        with self.assert_refused(lot):
            unbuild.action_validate()
        self.assert_unused(lot, 4)

    def test_a_unit_whose_component_is_held_may_be_taken_apart(self):
        order = self.make("P1")
        battery = self.battery_move(order).lot_ids
        self.place(battery)
        self.unbuild(order, order.lot_producing_ids).action_validate()
        self.assert_unused(battery)
        self.assertTrue(battery.is_locked)

    def test_a_unit_that_falls_under_a_recall_is_made_and_held_at_once(self):
        recall = (
            self.env["serial.recall"]
            .with_user(self.quality_manager)
            .create(
                {
                    "title": "Overheats",
                    "scope_ids": [
                        Command.create({"product_ids": [Command.set(self.phone.ids)]})
                    ],
                }
            )
        )
        recall.action_stop_ship_anyway()
        phone = self.make("P1").lot_producing_ids
        self.assertTrue(phone.is_locked)
        self.assertEqual(phone.sudo().hold_ids.recall_id, recall)
        with self.assert_refused(phone):
            self.deliver(phone)

    def test_a_held_unit_is_not_reworked(self):
        order = self.make("P1")
        phone = order.lot_producing_ids
        self.place(phone)
        bom = self.bom.copy()
        bom.bom_line_ids[0].product_id = self.phone
        rework = self.order(1, bom_id=bom.id)
        move = rework.move_raw_ids.filtered(lambda m: m.product_id == self.phone)
        self.assertFalse(move.lot_ids)
        with self.assert_refused(phone):
            move.lot_ids = phone

    # ---- Kits ----

    def kit(self):
        kit = self.env["product.product"].create(
            {"name": "Power kit", "is_storable": True}
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.battery.id, "product_qty": 1}),
                    Command.create({"product_id": self.cable.id, "product_qty": 2}),
                ],
            }
        )
        return kit

    def delivery(self, kit):
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(kit, 1)],
            partner=self.customer,
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_a_kit_is_delivered_of_parts_that_are_not_held(self):
        self.place(self.batteries[:5])
        picking = self.delivery(self.kit())
        self.assertEqual(picking.move_line_ids.lot_id, self.batteries[5] | self.cables)
        self.validate(picking)
        self.assertEqual(picking.state, "done")

    def test_a_held_part_does_not_leave_in_a_kit(self):
        picking = self.delivery(self.kit())
        move = picking.move_ids.filtered(lambda m: m.product_id == self.battery)
        part = move.lot_ids
        self.place(part)
        self.assertNotIn(part, move.lot_ids)
        with self.assert_refused(part):
            move.lot_ids = part

    def test_a_held_part_on_an_immediate_delivery_of_a_kit(self):
        self.place(self.batteries)
        picking = self.delivery(self.kit())
        move = picking.move_ids.filtered(lambda m: m.product_id == self.battery)
        self.assertFalse(move.move_line_ids)
        with self.assert_refused(self.batteries[0]):
            self.env["stock.move.line"].with_user(self.operator).create(
                {
                    "move_id": move.id,
                    "picking_id": picking.id,
                    "product_id": self.battery.id,
                    "lot_id": self.batteries[0].id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                }
            )
