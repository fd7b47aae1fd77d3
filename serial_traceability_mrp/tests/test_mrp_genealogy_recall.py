from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .genealogy_common import GenealogyCase


@tagged("post_install", "-at_install")
class TestMrpGenealogyRecall(GenealogyCase):
    """A recall of a component is about the units that have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {"name": "B-17", "product_id": cls.battery.id}
        )
        cls.batteries[0].with_user(cls.quality_manager).correct(
            {"batch_id": cls.batch.id}, "Misread"
        )
        order = cls.make("P1", "P2", choose=[(0, 1), (1, 0)])
        cls.first, cls.second = order.lot_producing_ids.sorted("name")
        cls.first_order = order

    @classmethod
    def recall(cls, stop=False, **scope):
        recall = (
            cls.env["serial.recall"]
            .with_user(cls.quality_manager)
            .create({"title": "Overheats", "scope_ids": [Command.create(scope)]})
        )
        if stop:
            recall.action_stop_ship_anyway()
        return recall

    def find(self, recall):
        self.env.flush_all()
        query = self.env["serial.recall.finder"]._get_query(recall.scope_ids)
        rows = self.env.execute_query(query)
        return sorted(
            self.env["stock.lot"].browse(row[0] for row in rows).mapped("name")
        )

    def build_in(self, phone, name="K1"):
        """Make one case with a phone in it; return the case."""
        product = self.env["product.product"].create(
            {"name": "Case", "is_storable": True, "tracking": "serial"}
        )
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.phone.id, "product_qty": 1})
                ],
            }
        )
        order = self.order(1, product=product, bom_id=bom.id)
        self.dialog(order, name).action_apply()
        order.move_raw_ids.lot_ids = phone
        self.finish(order)
        return order.lot_producing_ids

    def test_a_batch_of_a_component_is_found_in_its_unit_alone(self):
        recall = self.recall(component_batch_ids=[Command.set(self.batch.ids)])
        self.assertEqual(self.find(recall), ["P2"])

    def test_what_is_known_by_order_only_is_found_in_all_units_of_the_order(self):
        recall = self.recall(component_lot_ids=[Command.set(self.cables.ids)])
        self.assertEqual(self.find(recall), ["P1", "P2"])

    def test_components_of_components_are_found(self):
        self.build_in(self.second)
        recall = self.recall(component_batch_ids=[Command.set(self.batch.ids)])
        self.assertEqual(self.find(recall), ["K1", "P2"])

    def test_a_component_that_was_taken_out_is_in_no_unit(self):
        unbuild = self.env["mrp.unbuild"].create(
            {
                "mo_id": self.first_order.id,
                "product_id": self.phone.id,
                "lot_id": self.second.id,
            }
        )
        unbuild.action_validate()
        recall = self.recall(component_batch_ids=[Command.set(self.batch.ids)])
        self.assertEqual(self.find(recall), [])

    def test_orders_without_a_genealogy_are_looked_up_in_their_moves(self):
        self.forget()
        recall = self.recall(component_batch_ids=[Command.set(self.batch.ids)])
        self.assertEqual(self.find(recall), ["P1", "P2"])

    def forget(self):
        """Leave the orders as they were before this addon was there."""
        self.env.flush_all()
        self.cr.execute("ALTER TABLE serial_component DISABLE TRIGGER USER")
        self.cr.execute("DELETE FROM serial_component")
        self.cr.execute("ALTER TABLE serial_component ENABLE TRIGGER USER")

    def test_a_delivered_unit_is_listed_with_its_customer(self):
        sale = self.deliver(self.second)
        recall = self.recall(
            stop=True, component_batch_ids=[Command.set(self.batch.ids)]
        )
        self.assertRecordValues(
            recall.unit_ids,
            [
                {
                    "lot_id": self.second.id,
                    "place": "delivered",
                    "partner_id": self.customer.id,
                    "picking_id": sale.id,
                }
            ],
        )

    def test_a_unit_in_stock_is_held_and_does_not_leave(self):
        self.recall(stop=True, component_batch_ids=[Command.set(self.batch.ids)])
        self.assertTrue(self.second.is_locked)
        self.assertFalse(self.first.is_locked)
        with self.assertRaisesRegex(UserError, "P2 of Phone is on hold"):
            self.deliver(self.second)
        self.deliver(self.first)

    def test_a_unit_that_is_made_of_the_component_later_is_held_at_once(self):
        [cable] = self.receive(self.cable, ["C2"])
        self.recall(stop=True, component_lot_ids=[Command.set(cable.ids)])
        order = self.order(1)
        self.dialog(order, "P3").action_apply()
        order.move_raw_ids.filtered(
            lambda move: move.product_id == self.cable
        ).lot_ids = cable
        self.finish(order)
        self.assertTrue(order.lot_producing_ids.is_locked)
        self.assertFalse(self.first.is_locked)

    def test_a_used_up_component_says_in_which_unit_it_is(self):
        recall = self.recall(stop=True, batch_ids=[Command.set(self.batch.ids)])
        self.assertRecordValues(
            recall.unit_ids,
            [
                {
                    "lot_id": self.batteries[0].id,
                    "place": "consumed",
                    "consumed_in": f"{self.first_order.name}: P2",
                }
            ],
        )

    def test_of_many_units_some_are_named_and_the_rest_counted(self):
        self.receive(self.battery, [f"X{n}" for n in range(12)])
        order = self.make(*(f"Q{n:02}" for n in range(12)))
        recall = self.recall(stop=True, lot_ids=[Command.set(self.cables.ids)])
        row = recall.unit_ids.filtered(
            lambda unit: order.name in (unit.consumed_in or "")
        )
        names = ", ".join(f"Q{n:02}" for n in range(10))
        self.assertEqual(row.consumed_in, f"{order.name}: {names}, +2")
