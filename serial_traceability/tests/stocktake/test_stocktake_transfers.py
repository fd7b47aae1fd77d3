from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeTransfers(StocktakeCase):
    """Open transfers go on after the switch, with serials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock(cls.shelf_a, 6)

    def switch(self, count=6, location=None):
        stocktake = self.begin()
        names = [f"R{number}" for number in range(1, count + 1)]
        self.collect(stocktake, location or self.shelf_a, *names)
        stocktake.action_switch()
        return stocktake

    def test_a_reserved_line_becomes_one_line_a_unit(self):
        delivery = self.reserve(4)
        line = delivery.move_ids.move_line_ids
        self.assertEqual(len(line), 1)
        self.switch()
        lines = delivery.move_ids.move_line_ids
        self.assertIn(line, lines)
        self.assertEqual(lines.mapped("quantity"), [1] * 4)
        self.assertEqual(lines.mapped("picking_id"), delivery)
        self.assertEqual(sorted(lines.lot_id.mapped("name")), ["R1", "R2", "R3", "R4"])
        self.assertEqual(
            self.env["stock.quant"].search([("reserved_quantity", ">", 0)]).lot_id,
            lines.lot_id,
        )

    def test_the_delivery_is_validated_as_it_was_reserved(self):
        delivery = self.reserve(4)
        self.switch()
        self.validate(delivery)
        self.assertEqual(delivery.state, "done")
        self.assertEqual(delivery.move_ids.quantity, 4)
        lots = delivery.move_ids.move_line_ids.lot_id
        self.assertEqual(lots.mapped("product_qty"), [0] * 4)
        self.assertEqual(self.quantities(), {self.shelf_a: (2, 0, 2)})

    def test_two_transfers_share_no_serial(self):
        first, second = self.reserve(2), self.reserve(3)
        self.switch()
        lots = (first | second).move_ids.move_line_ids.lot_id
        self.assertEqual(len(lots), 5)

    def test_unreserving_and_reserving_again_works(self):
        delivery = self.reserve(4)
        self.switch()
        delivery.do_unreserve()
        self.assertEqual(self.quantities(), {self.shelf_a: (6, 0, 6)})
        delivery.action_assign()
        self.assertEqual(delivery.state, "assigned")
        self.assertEqual(self.quantities(), {self.shelf_a: (6, 4, 2)})

    def test_a_line_in_dozens_is_counted_in_units(self):
        self.stock(self.shelf_a, 6)
        delivery = self.reserve(1)
        delivery.do_unreserve()
        delivery.move_ids.product_uom = self.env.ref("uom.product_uom_dozen")
        delivery.action_assign()
        self.assertEqual(delivery.state, "assigned")
        self.switch(12)
        lines = delivery.move_ids.move_line_ids
        self.assertEqual(len(lines), 12)
        self.assertEqual(lines.product_uom_id, self.radio.uom_id)
        self.assertEqual(delivery.move_ids.quantity, 1)

    def test_a_receipt_on_its_way_asks_for_one_number_a_unit(self):
        receipt = self.transfer(
            self.warehouse.in_type_id, self.supplier_location, self.stock_location,
            [(self.radio, 3)], partner=self.supplier,
        )  # fmt: skip
        receipt.action_confirm()
        self.assertEqual(receipt.move_ids.move_line_ids.quantity, 3)
        self.switch()
        lines = receipt.move_ids.move_line_ids
        self.assertEqual(lines.mapped("quantity"), [1, 1, 1])
        self.assertFalse(lines.lot_id)
        for number, line in enumerate(lines):
            line.lot_name = f"N{number}"
        self.validate(receipt)
        self.assertEqual(lines.lot_id.mapped("product_qty"), [1, 1, 1])

    def test_a_later_step_takes_what_an_earlier_one_brought_without_numbers(self):
        self.warehouse.delivery_steps = "pick_ship"
        output = self.warehouse.wh_output_stock_loc_id
        ship = self.transfer(
            self.warehouse.out_type_id, output, self.customer_location,
            [(self.radio, 4)], partner=self.customer,
        )  # fmt: skip
        pick = self.transfer(
            self.warehouse.pick_type_id, self.stock_location, output, [(self.radio, 4)]
        )
        ship.move_ids.write(
            {"move_orig_ids": pick.move_ids.ids, "procure_method": "make_to_order"}
        )
        (pick | ship).action_confirm()
        pick.action_assign()
        self.validate(pick)
        ship.do_unreserve()
        stocktake = self.begin()
        self.collect(stocktake, self.shelf_a, "R1", "R2")
        self.collect(stocktake, output, "R3", "R4", "R5", "R6")
        stocktake.action_switch()
        ship.action_assign()
        self.assertEqual(ship.state, "assigned")
        self.assertEqual(
            sorted(ship.move_ids.move_line_ids.lot_id.mapped("name")),
            ["R3", "R4", "R5", "R6"],
        )

    def test_what_is_picked_already_is_named(self):
        delivery = self.reserve(2)
        delivery.move_ids.move_line_ids.picked = True
        with self.assertRaisesRegex(UserError, f"{delivery.name}: goods are picked"):
            self.switch()

    def test_a_transfer_of_half_a_unit_is_named(self):
        receipt = self.transfer(
            self.warehouse.in_type_id, self.supplier_location, self.stock_location,
            [(self.radio, 2.5)], partner=self.supplier,
        )  # fmt: skip
        receipt.action_confirm()
        with self.assertRaisesRegex(UserError, f"{receipt.name}: its quantity is not"):
            self.switch()

    def test_reservations_that_do_not_add_up_are_named(self):
        self.reserve(2)
        quant = self.env["stock.quant"]._gather(self.radio, self.shelf_a, strict=True)
        quant.reserved_quantity = 3
        with self.assertRaisesRegex(UserError, "3.0 units are marked as reserved"):
            self.switch()
