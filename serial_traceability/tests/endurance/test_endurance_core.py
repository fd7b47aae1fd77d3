from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestEnduranceCore(SerialCase):
    """Core merges and deletes what sealed events name by id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["E1"])
        cls.deliver(cls.lot)
        cls.delivery = cls.lot.last_event_id

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (source | target).ids, target
        )
        self.env.invalidate_all()

    def create_partner(self, name):
        return self.env["res.partner"].create({"name": name})

    def assert_verified(self):
        events = self.events(self.lot)
        self.assertEqual(
            events._recompute_hashes(),
            {event.id: event.record_hash for event in events},
        )

    # ---- Contacts ----

    def test_merged_contact_is_read_as_the_survivor(self):
        survivor = self.create_partner("Buyer Group")
        old_id = self.customer.id
        self.merge(self.customer, survivor)
        self.assertEqual(self.delivery.partner_res_id, old_id)
        self.assertEqual(self.delivery.partner_id, survivor)
        self.assertEqual(self.lot.custodian_id, survivor)
        self.assert_verified()

    def test_survivor_that_is_merged_again_is_followed(self):
        first, last = self.create_partner("One"), self.create_partner("Two")
        self.merge(self.customer, first)
        self.merge(first, last)
        self.assertEqual(self.delivery.partner_id, last)

    def test_alias_is_written_by_merging_alone(self):
        values = {"old_res_id": 1, "partner_id": self.supplier.id}
        with self.assertRaises(UserError):
            self.env["serial.party.alias"].with_user(self.administrator).create(values)

    def test_deleted_contact_leaves_the_event_readable(self):
        lot = self.receive(self.phone, ["E2"])
        partner = self.create_partner("Passing by")
        picking = self.deliver(lot, partner=partner)
        picking.partner_id = self.customer
        picking.move_ids.partner_id = self.customer
        event = lot.last_event_id
        partner.unlink()
        self.assertFalse(event.partner_id)
        self.assertFalse(lot.custodian_id)
        self.assertEqual(event.document_name, picking.name)

    # ---- Users ----

    def test_user_with_events_can_be_deleted(self):
        user = new_test_user(
            self.env, "leaver", groups="serial_traceability.group_serial_operator"
        )
        self.receive(self.phone, ["E3"])
        picking = self.transfer(
            self.warehouse.int_type_id,
            self.stock_location,
            self.stock_location.create(
                {"name": "Shelf", "location_id": self.stock_location.id}
            ),
            [(self.phone, 1)],
        ).with_user(user)
        picking.action_confirm()
        picking.action_assign()
        self.validate(picking)
        event = self.env["serial.event"].search([], order="id desc", limit=1)
        self.assertEqual(event.user_res_id, user.id)
        partner = user.partner_id
        with mute_logger("odoo.models.unlink"):
            user.unlink()
        self.assertFalse(event.user_id)
        self.assertTrue(event.user_res_id)
        self.assertTrue(partner.exists())
        self.assert_verified()

    # ---- Products and locations ----

    def test_archived_product_and_location_leave_history_readable(self):
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.receive(self.phone, ["E4"], destination=shelf)
        lot = self.env["stock.lot"].search([("name", "=", "E4")])
        self.move(lot, self.warehouse.int_type_id, shelf, self.stock_location)
        self.deliver(lot)
        shelf.active = False
        self.phone.active = False
        names = self.events(lot).mapped("destination_location_name")
        self.assertIn(shelf.complete_name, names)
        self.assertEqual(
            set(self.events(lot).line_ids.mapped("product_name")), {"Phone"}
        )

    def test_location_without_moves_is_deleted_as_before(self):
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        shelf.unlink()
        self.assertFalse(shelf.exists())

    def test_product_without_serials_is_deleted_as_before(self):
        product = self.env["product.product"].create(
            {"name": "Spare", "is_storable": True, "tracking": "serial"}
        )
        product.unlink()
        self.assertFalse(product.exists())

    def test_cancelled_transfer_is_deleted_as_before(self):
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 1)],
        )
        picking.action_confirm()
        picking.action_cancel()
        picking.sudo().unlink()
        self.assertFalse(picking.exists())
