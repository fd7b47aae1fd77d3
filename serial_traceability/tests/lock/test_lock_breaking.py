from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockBreaking(LockCase):
    """Placing a hold takes the unit off what it is reserved for."""

    def seek(self):
        self.env["serial.substitution"]._get_piece()._settle()

    def test_reserved_serial_is_taken_off_in_the_same_transaction(self):
        picking = self.order(self.phone, 2)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_a | self.lot_b)

        self.place(self.lot_a)

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b)
        self.assertEqual(picking.move_ids.state, "partially_available")
        self.assertTrue(picking.substitutes_sought)
        self.assertEqual(
            self.quants(self.lots),
            [
                (self.stock_location, 1, 0),
                (self.stock_location, 1, 1),
                (self.stock_location, 1, 0),
            ],
        )

    def test_substitute_is_reserved_and_told(self):
        picking = self.order(self.phone, 2)
        picking.action_assign()
        picking.user_id = self.operator
        self.place(self.lot_a)

        self.seek()

        self.assertEqual(picking.move_ids.state, "assigned")
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b | self.lot_c)
        self.assertFalse(picking.substitutes_sought)
        note = picking.message_ids[0].body
        self.assertIn("taken off: A.", note)
        self.assertIn("Reserved instead: C.", note)
        self.assertEqual(picking.activity_ids.user_id, self.operator)

    def test_missing_substitute_is_told(self):
        picking = self.order(self.phone, 3)
        picking.action_assign()
        self.place(self.lot_a)

        self.seek()

        self.assertEqual(picking.move_ids.state, "partially_available")
        self.assertIn("waits for more", picking.message_ids[0].body)

    def test_picked_serial_is_taken_off_too(self):
        picking = self.order(self.phone, 1)
        picking.action_assign()
        picking.move_ids.picked = True

        self.place(self.lot_a)

        self.assertFalse(picking.move_line_ids)
        self.assertFalse(picking.move_ids.picked)
        self.assertEqual(picking.move_ids.state, "confirmed")
        self.assertEqual(picking.state, "confirmed")
        self.assertEqual(self.quants(self.lot_a), [(self.stock_location, 1, 0)])
        self.seek()
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b)

    def test_substitute_of_a_move_picked_in_part_is_not_picked(self):
        picking = self.order(self.phone, 2)
        picking.action_assign()
        picking.move_ids.picked = True
        self.place(self.lot_a)

        self.seek()

        self.assertEqual(
            {line.lot_id.name: line.picked for line in picking.move_line_ids},
            {"B": True, "C": False},
        )

    def test_held_lot_is_taken_off_all_transfers(self):
        pickings = self.order(self.cable, 4) | self.order(self.cable, 3)
        pickings.action_assign()

        self.place(self.reel)

        self.assertFalse(pickings.move_line_ids)
        self.assertEqual(pickings.mapped("state"), ["confirmed"] * 2)
        self.assertEqual(self.quants(self.reel), [(self.stock_location, 10, 0)])

    def test_reservation_on_two_quants_of_one_lot_is_taken_off_both(self):
        picking = self.order(self.cable, 8)
        picking.action_assign()
        quant = self.reel.quant_ids.filtered(lambda quant: quant.quantity > 0)
        # As two transactions leave it that write one quant at the same time.
        quant.create(
            {
                "product_id": self.cable.id,
                "location_id": self.stock_location.id,
                "lot_id": self.reel.id,
                "quantity": 0,
                "reserved_quantity": 3,
            }
        )
        quant.sudo().reserved_quantity = 5

        self.place(self.reel)

        self.assertEqual([row[2] for row in self.quants(self.reel)], [0, 0])

    def test_reservation_of_stock_without_a_lot_is_taken_off_it(self):
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.cable, self.stock_location, 5)
        other = self.env["stock.lot"].create(
            {"name": "LATER", "product_id": self.cable.id}
        )
        picking = self.order(self.cable, 5)
        self.add_line(picking, other, 5)
        loose = quants.search(
            [("product_id", "=", self.cable.id), ("lot_id", "=", False),
             ("location_id", "=", self.stock_location.id)]
        )  # fmt: skip
        self.assertEqual(loose.reserved_quantity, 5)

        self.place(other)

        self.assertEqual(loose.reserved_quantity, 0)

    def test_line_to_quarantine_stays(self):
        picking = self.order(
            self.phone, 1, self.warehouse.int_type_id, self.quarantine
        )  # fmt: skip
        picking.action_assign()

        self.place(self.lot_a)

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_a)

    def test_package_that_loses_a_unit_is_opened(self):
        package = self.env["stock.package"].create({"name": "PALLET"})
        quants = self.lots.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        )
        quants.package_id = package
        picking = self.order(self.phone, 3)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.result_package_id, package)

        self.place(self.lot_b)

        self.assertFalse(picking.move_line_ids.result_package_id)
        self.validate(picking)
        self.assertEqual(self.lot_b.quant_ids.package_id, package)
        self.assertEqual(self.lot_a.location_id, self.customer_location)

    def test_chained_transfer_loses_what_was_picked_for_it(self):
        pick, ship = self.chain(self.phone, 2)
        pick.action_assign()
        self.validate(pick)
        self.assertEqual(ship.move_ids.state, "assigned")
        held = ship.move_line_ids.lot_id[0]

        self.place(held)

        self.assertEqual(ship.move_ids.state, "partially_available")
        self.seek()
        self.assertNotIn(held, ship.move_line_ids.lot_id)
        self.validate(ship)
        self.assertNotEqual(held.location_id, self.customer_location)

    def test_first_step_gets_a_substitute_and_the_next_one_waits(self):
        pick, ship = self.chain(self.phone, 1)
        pick.action_assign()
        self.place(pick.move_line_ids.lot_id)

        self.seek()

        self.assertEqual(pick.move_ids.state, "assigned")
        self.assertEqual(ship.move_ids.state, "waiting")

    @mute_logger("odoo.addons.serial_traceability.models.serial_substitution")
    def test_transfer_that_cannot_be_reserved_stops_no_other(self):
        pickings = self.order(self.phone, 1) | self.order(self.phone, 1)
        pickings.action_assign()
        moves = pickings.move_ids
        self.place(self.lot_a | self.lot_b)
        self.lift(self.lot_b)
        assign = type(moves)._action_assign

        def fail(these, *words, **named):
            if moves[0] in these:
                raise ValueError("Something unforeseen")
            return assign(these, *words, **named)

        with patch.object(type(moves), "_action_assign", fail):
            self.seek()

        self.assertEqual(moves.mapped("state"), ["confirmed", "assigned"])
        self.assertFalse(pickings.substitution_ids)

    def test_releasing_reserves_for_waiting_moves(self):
        self.place(self.lots)
        picking = self.order(self.phone, 2)
        self.warehouse.out_type_id.sudo().reservation_method = "at_confirm"
        picking.action_assign()
        self.assertEqual(picking.move_ids.state, "confirmed")

        self.lift(self.lot_a | self.lot_b)
        self.seek()

        self.assertEqual(picking.move_ids.state, "assigned")
        self.assertEqual(picking.move_line_ids.lot_id, self.lot_a | self.lot_b)

    def test_releasing_reserves_for_a_chained_move(self):
        pick, ship = self.chain(self.phone, 1)
        pick.action_assign()
        self.validate(pick)
        held = ship.move_line_ids.lot_id
        self.place(held)
        self.seek()
        self.warehouse.out_type_id.sudo().reservation_method = "at_confirm"

        self.lift(held)
        self.seek()

        self.assertEqual(ship.move_line_ids.lot_id, held)

    def test_reservation_that_slipped_in_is_swept_away(self):
        picking = self.order(self.phone, 1)
        self.place(self.lot_a)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET is_locked = FALSE WHERE id = %s", [self.lot_a.id]
        )
        self.env.invalidate_all()
        self.add_line(picking, self.lot_a)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET is_locked = TRUE WHERE id = %s", [self.lot_a.id]
        )
        self.env.invalidate_all()

        self.env["serial.substitution"]._sweep()
        self.seek()

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b)

    def test_queries_are_the_same_for_any_number_of_units(self):
        counts = []
        # The first fills the caches of the registry.
        for run, size in enumerate((1, 1, 10, 100)):
            lots = self.receive(self.phone, [f"N{run}-{n}" for n in range(size)])
            picking = self.order(self.phone, size)
            for lot in lots:
                self.add_line(picking, lot)
            lots = lots.browse(lots.ids)
            counts.append(self.count_queries(self.place, lots))
        self.assertEqual(counts[1:], counts[-1:] * 3)
