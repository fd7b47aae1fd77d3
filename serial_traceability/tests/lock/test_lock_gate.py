from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockGate(LockCase):
    def test_locked_serial_cannot_be_put_on_a_delivery(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)

        with self.assert_refused("A", "Phone", "Quality", "release"):
            self.add_line(picking, self.lot_a)

    def test_locked_lot_cannot_be_put_on_a_delivery(self):
        self.place(self.reel)
        picking = self.order(self.cable, 4)

        with self.assert_refused("REEL", "Quality"):
            self.add_line(picking, self.reel, 4)

    def test_line_cannot_be_changed_to_a_locked_serial(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        line = self.add_line(picking, self.lot_b)

        with self.assert_refused("A", "Quality"):
            line.lot_id = self.lot_a

    def test_line_cannot_be_changed_to_a_locked_quant(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        line = self.add_line(picking, self.lot_b)
        quant = self.lot_a.quant_ids.filtered(lambda quant: quant.quantity > 0)

        with self.assert_refused("A", "Quality"):
            line.quant_id = quant
        with self.assert_refused("A", "Quality"):
            self.add_line(picking, self.lot_a.browse(), quant_id=quant.id)

    def test_number_of_a_locked_serial_cannot_be_typed(self):
        self.place(self.lot_a)
        self.warehouse.out_type_id.use_create_lots = True
        picking = self.order(self.phone, 1)

        with self.assert_refused("A", "Quality"):
            self.add_line(
                picking, self.lot_a, lot_id=False, lot_name="A"
            )  # fmt: skip
        line = self.add_line(picking, self.lot_a, lot_id=False, lot_name="NEW")
        with self.assert_refused("A", "Quality"):
            line.lot_name = "A"

    def test_number_typed_before_the_lock_is_refused_at_validation(self):
        self.warehouse.out_type_id.use_create_lots = True
        picking = self.order(self.phone, 1)
        self.add_line(picking, self.lot_a, lot_id=False, lot_name="A")
        self.place(self.lot_a)

        with self.assert_refused("A", "Quality"):
            self.validate(picking)
        self.assertEqual(self.lot_a.location_id, self.stock_location)

    def test_serials_of_a_move_cannot_be_set_to_a_locked_one(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)

        with self.assert_refused("A", "Quality"):
            picking.move_ids.lot_ids = self.lot_a

    def test_form_of_a_transfer_refuses_a_locked_serial(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        move = picking.move_ids.with_user(self.operator)

        with (
            self.assert_refused("A", "Quality"),
            Form(move, view="stock.view_stock_move_operations") as form,
            form.move_line_ids.new() as line,
        ):
            line.lot_id = self.lot_a
            line.quantity = 1

    def test_import_of_lines_refuses_a_locked_serial(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        lines = self.env["stock.move.line"].with_user(self.operator)

        result = lines.load(
            ["picking_id/.id", "product_id/.id", "lot_id/.id", "quantity"],
            [[str(picking.id), str(self.phone.id), str(self.lot_a.id), "1"]],
        )

        self.assertFalse(result["ids"])
        self.assertIn("on hold", result["messages"][0]["message"])

    def test_locked_serial_without_stock_is_refused_at_validation(self):
        gone = self.receive(self.phone, ["GONE"])
        self.deliver(gone)
        picking = self.order(self.phone, 1)
        self.add_line(picking, gone)
        self.slip_hold(gone)

        with self.assert_refused("GONE", "Quality"):
            self.validate(picking)

    def test_reservation_that_slipped_through_is_refused_at_validation(self):
        picking = self.order(self.phone, 1)
        line = self.add_line(picking, self.lot_a)
        self.slip_hold(self.lot_a)

        with self.assert_refused("A", "Quality"):
            self.validate(picking)
        self.assertNotEqual(line.state, "done")

    def slip_hold(self, lot):
        """Hold a lot and leave reserved what is: as two transactions may do."""
        hold = self.place(self.env["stock.lot"].create(
            {"name": "OTHER", "product_id": lot.product_id.id}
        ))  # fmt: skip
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE serial_hold SET lot_id = %s WHERE id = %s", [lot.id, hold.id]
        )
        self.env.cr.execute(
            "UPDATE stock_lot SET is_locked = TRUE WHERE id = %s", [lot.id]
        )
        self.env.invalidate_all()

    def test_done_line_cannot_be_changed_to_a_locked_serial(self):
        picking = self.deliver(self.lot_b)
        self.place(self.lot_a)

        with self.assert_refused("A", "Quality"):
            picking.move_line_ids.with_user(self.quality_manager).lot_id = self.lot_a

    def test_done_line_of_a_locked_lot_cannot_be_raised(self):
        picking = self.deliver(self.reel, quantity=4)
        self.place(self.reel)
        line = picking.move_line_ids.with_user(self.quality_manager)

        with self.assert_refused("REEL", "Quality"):
            line.quantity = 5
        line.quantity = 3

        self.assertEqual(self.reel.product_qty, 7)

    def test_done_line_of_a_locked_lot_cannot_be_added(self):
        picking = self.deliver(self.lot_b)
        self.place(self.lot_a)

        with self.assert_refused("A", "Quality"):
            self.add_line(picking, self.lot_a)

    def test_whole_package_with_a_locked_serial_is_refused_by_name(self):
        package = self.env["stock.package"].create({"name": "PALLET"})
        quants = self.lots.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        )
        quants.package_id = package
        self.place(self.lot_b)
        picking = self.order(self.phone, 3)

        with self.assert_refused("B", "PALLET", "unpack", "Quality"):
            picking.action_add_entire_packs(package.ids)

    def test_scrap_count_quarantine_and_return_stay_open(self):
        self.deliver(self.lot_c)
        self.place(self.lots | self.reel)

        self.scrap(self.lot_a)
        quarantine = self.order(
            self.phone, 1, self.warehouse.int_type_id, self.quarantine
        )
        self.add_line(quarantine, self.lot_b)
        self.validate(quarantine)
        self.move(
            self.lot_c,
            self.warehouse.in_type_id,
            self.customer_location,
            self.stock_location,
        )
        quant = self.reel.quant_ids.filtered(lambda quant: quant.quantity > 0)
        quant.with_context(inventory_mode=True).inventory_quantity = 8
        quant.action_apply_inventory()

        self.assertEqual(self.lot_a.location_id.usage, "inventory")
        self.assertEqual(self.lot_b.location_id, self.quarantine)
        self.assertEqual(self.lot_c.location_id, self.stock_location)
        self.assertEqual(self.reel.product_qty, 8)

    def test_relocation_is_open_to_quarantine_and_to_no_other_shelf(self):
        self.place(self.lot_a)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        box = self.env["stock.location"].create(
            {"name": "Box", "location_id": self.quarantine.id}
        )
        quant = self.lot_a.quant_ids.filtered(lambda quant: quant.quantity > 0)

        with self.assert_refused("A", "Shelf"):
            quant.move_quants(location_dest_id=shelf)
        quant.move_quants(location_dest_id=box)

        self.assertEqual(self.lot_a.location_id, box)

    def test_reason_that_closes_scrap_refuses_it(self):
        self.theft.open_to_scrap = False
        self.place(self.lot_a)
        self.place(self.lot_a, self.theft)

        with self.assert_refused("A", "Theft"):
            self.scrap(self.lot_a)

    def test_scrap_order_that_ends_at_a_customer_is_refused(self):
        self.place(self.lot_a)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.phone.id,
                "lot_id": self.lot_a.id,
                "location_id": self.stock_location.id,
                "scrap_location_id": self.customer_location.id,
            }
        )

        with self.assert_refused("A", "Quality"):
            scrap.do_scrap()

    def test_dropship_of_a_locked_serial_is_refused(self):
        self.place(self.lot_a)
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.supplier_location,
            self.customer_location,
            [(self.phone, 1)],
        )
        picking.action_confirm()

        with self.assert_refused("A", "Quality"):
            self.add_line(picking, self.lot_a)

    def test_serial_on_its_way_between_companies_may_arrive_and_not_leave(self):
        transit = self.env["stock.location"].create(
            {"name": "Between", "usage": "transit", "company_id": False}
        )
        out = self.warehouse.out_type_id
        self.move(self.lot_a, out, self.stock_location, transit)
        self.place(self.lots)
        picking = self.order(self.phone, 1, destination=transit)

        with self.assert_refused("B", "Between"):
            self.add_line(picking, self.lot_b)
        self.move(self.lot_a, self.warehouse.in_type_id, transit, self.stock_location)

        self.assertEqual(self.lot_a.location_id, self.stock_location)

    def test_locked_serial_of_a_product_that_is_not_tracked_any_more_is_refused(self):
        self.place(self.lot_a)
        self.phone.tracking = "none"
        picking = self.order(self.phone, 1)
        with self.assertRaisesRegex(UserError, "A of Phone is on hold"):
            self.add_line(picking, self.lot_a)

    def test_unlocked_serial_moves_as_before(self):
        self.place(self.lot_a)
        self.lift(self.lot_a)

        self.deliver(self.lot_a)

        self.assertEqual(self.lot_a.location_id, self.customer_location)
