from odoo.tests import tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockReservation(LockCase):
    def test_locked_serial_is_not_reserved(self):
        self.place(self.lot_a | self.lot_b)
        picking = self.order(self.phone, 2)

        picking.action_assign()

        self.assertEqual(picking.move_ids.state, "partially_available")
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_c)
        self.assertEqual(
            self.quants(self.lots),
            [
                (self.stock_location, 1, 0),
                (self.stock_location, 1, 0),
                (self.stock_location, 1, 1),
            ],
        )

    def test_locked_lot_is_not_reserved(self):
        self.place(self.reel)
        picking = self.order(self.cable, 4)

        picking.action_assign()

        self.assertEqual(picking.move_ids.state, "confirmed")
        self.assertFalse(picking.move_line_ids)

    def test_stock_without_lot_is_reserved_as_before(self):
        self.place(self.lots)
        self.env["stock.quant"]._update_available_quantity(
            self.phone, self.stock_location, 1
        )
        picking = self.order(self.phone, 2)

        picking.action_assign()

        self.assertEqual(picking.move_ids.quantity, 1)
        self.assertFalse(picking.move_line_ids.lot_id)

    def test_quantity_typed_on_a_move_takes_no_locked_serial(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 3)

        picking.move_ids.quantity = 2

        self.assertEqual(
            picking.move_line_ids.lot_id, self.lot_b | self.lot_c
        )  # fmt: skip

    def test_fewest_packages_leave_out_locked_serials(self):
        self.phone.categ_id.removal_strategy_id = self.env.ref(
            "stock.removal_least_packages"
        )
        packages = self.env["stock.package"].create([{"name": "P1"}, {"name": "P2"}])
        quants = self.lots.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        ).sorted("lot_id")
        quants[:2].package_id = packages[0]
        quants[2].package_id = packages[1]
        self.place(self.lot_a)
        picking = self.order(self.phone, 2)

        picking.action_assign()

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b | self.lot_c)

    def test_chained_transfer_reserves_no_locked_serial(self):
        pick, ship = self.chain(self.phone, 2)
        pick.action_assign()
        self.validate(pick)
        ship.do_unreserve()
        held = pick.move_line_ids.lot_id[0]
        self.place(held)

        ship.action_assign()

        self.assertEqual(ship.move_ids.state, "partially_available")
        self.assertEqual(ship.move_line_ids.lot_id, pick.move_line_ids.lot_id - held)

    def test_unreserving_after_the_lock_leaves_no_extra_quant(self):
        picking = self.order(self.phone, 3)
        picking.action_assign()
        self.env.flush_all()
        # A reservation that another transaction made just before the lock.
        self.env.cr.execute(
            "UPDATE stock_lot SET is_locked = TRUE WHERE id = %s", [self.lot_a.id]
        )
        self.env.invalidate_all()

        picking.do_unreserve()

        self.assertEqual(self.quants(self.lots), [(self.stock_location, 1, 0)] * 3)

    def test_scrapping_a_locked_serial_leaves_no_extra_quant(self):
        self.place(self.lot_a)

        self.scrap(self.lot_a)

        self.assertEqual(
            [row for row in self.quants(self.lot_a) if row[1] or row[2]], []
        )

    def test_locked_serial_is_reserved_for_quarantine(self):
        self.place(self.lots)
        picking = self.order(
            self.phone, 2, self.warehouse.int_type_id, self.quarantine
        )  # fmt: skip

        picking.action_assign()

        self.assertEqual(picking.move_ids.state, "assigned")

    def test_locked_serial_is_not_reserved_where_its_reason_closes_quarantine(self):
        self.theft.open_to_quarantine = False
        self.theft.active = False
        self.place(self.lots, self.theft)
        picking = self.order(self.phone, 2, self.warehouse.int_type_id, self.quarantine)

        picking.action_assign()

        self.assertEqual(picking.move_ids.state, "confirmed")

    def test_availability_leaves_out_locked_serials(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 3)

        self.assertEqual(picking.move_ids.availability, 2)

    def test_context_of_a_client_switches_no_filter(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 3)

        picking.with_context(
            serial_choice=["entry", []], serial_choosing=["entry", []]
        ).action_assign()

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b | self.lot_c)
