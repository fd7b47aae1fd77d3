from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallLive(RecallCase):
    """The scope of a live recall refuses before a hold stands on each unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = {"batch_ids": [Command.set(cls.batch.ids)]}

    def begin(self):
        """Return a recall whose state is written and whose units nobody held yet."""
        recall = self.draft(self.row)
        recall._note({"state": "stop_ship", "name": "RC/TEST"})
        return recall

    def test_what_is_not_held_yet_does_not_ship(self):
        self.begin()
        self.assertFalse(self.phones[0].is_locked)
        with self.assertRaisesRegex(UserError, "SN0001"):
            self.deliver(self.phones[0])

    def test_other_units_ship(self):
        self.begin()
        delivery = self.deliver(self.phones[2:])
        self.assertEqual(delivery.state, "done")

    def test_units_go_where_their_reason_lets_them(self):
        self.begin()
        cage = self.stock_location.create(
            {
                "name": "Cage",
                "location_id": self.stock_location.id,
                "serial_keeping": "quarantine",
            }
        )
        self.move(self.phones[0], self.warehouse.int_type_id, self.stock_location, cage)
        self.assertEqual(self.phones[0].location_id, cage)

    def test_released_units_ship_again(self):
        recall = self.stop(self.row)
        manager = new_test_user(
            self.env,
            login="serial_other_manager",
            groups="serial_traceability.group_serial_quality_manager",
        )
        recall.with_user(manager).action_cancel("Not ours")
        self.assertEqual(self.deliver(self.phones[0]).state, "done")

    def test_shared_units_are_stopped_for_all_companies(self):
        company = self.env["res.company"].create({"name": "Sister Ltd"})
        shared = self.env["stock.lot"].create(
            {"name": "SH1", "product_id": self.phone.id, "company_id": False}
        )
        self.stop({"lot_ids": [Command.set(shared.ids)]})
        user = new_test_user(
            self.env,
            login="serial_sister",
            groups="serial_traceability.group_serial_operator",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        seen = shared.with_user(user)
        self.assertTrue(seen.is_locked)
        self.assertFalse(seen.hold_ids)
        self.assertFalse(self.env["serial.recall.unit"].with_user(user).search([]))

    # ---- Components ----

    def build(self, used, made):
        """Use serials up and make others, on one document."""
        production = self.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", self.company.id)],
            limit=1,
        )
        picking = self.transfer(
            self.warehouse.int_type_id, self.stock_location, production, []
        ).sudo()
        ends = [(lot, self.stock_location, production) for lot in used] + [
            (lot, production, self.stock_location) for lot in made
        ]
        for lot, source, destination in ends:
            places = {"location_id": source.id, "location_dest_id": destination.id}
            product = {"product_id": lot.product_id.id}
            self.env["stock.move"].create(
                {
                    "picking_id": picking.id,
                    "product_uom_qty": 1,
                    "move_line_ids": [
                        Command.create(
                            {
                                "lot_id": lot.id,
                                "quantity": 1,
                                "picking_id": picking.id,
                                **product,
                                **places,
                            }
                        )
                    ],
                    **product,
                    **places,
                }
            )
        picking.action_confirm()
        self.validate(picking)
        return picking

    def make(self, product, name):
        return self.env["stock.lot"].create({"name": name, "product_id": product.id})

    def test_units_built_from_a_component_at_whatever_level(self):
        pack, kit = self.make(self.pack, "P1"), self.make(self.pack, "P2")
        self.build(self.phones[0], pack)
        self.build(pack, kit)
        self.build(self.phones[3], self.make(self.pack, "P3"))
        by_serial = self.draft({"component_lot_ids": [Command.set(self.phones[0].ids)]})
        self.assertEqual(self.find(by_serial), pack | kit)
        by_batch = self.draft({"component_batch_ids": [Command.set(self.batch.ids)]})
        self.assertEqual(self.find(by_batch), pack | kit)

    def test_consumed_units_name_the_document(self):
        picking = self.build(self.phones[0], self.make(self.pack, "P1"))
        recall = self.draft({"lot_ids": [Command.set(self.phones[0].ids)]})
        self.env["serial.recall.impact"]._enter(recall)
        self.assertRecordValues(
            recall.unit_ids, [{"place": "consumed", "consumed_in": picking.name}]
        )

    def test_units_built_later_are_held(self):
        recall = self.stop({"component_lot_ids": [Command.set(self.phones[3].ids)]})
        pack = self.make(self.pack, "P1")
        self.build(self.phones[3], pack)
        self.assertTrue(pack.is_locked)
        self.assertEqual(recall.unit_ids.lot_id, pack)
