from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PACK_GTIN
from .common import GS, WATCH_GTIN, ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningApply(ScanCase):
    """What applied scans make of receipts, deliveries, returns and moves."""

    # ---- Receipts ----

    def test_a_receipt_gets_serials_batches_and_dates(self):
        picking = self.open_receipt((self.pack, 2))
        self.scan_in(
            picking,
            symbol("M1", PACK_GTIN, "C1", "280131"),
            symbol("M2", PACK_GTIN, "C1", "280131"),
        )
        lines = picking.move_line_ids
        self.assertRecordValues(
            lines,
            [
                {"lot_name": "M1", "quantity": 1, "picked": True},
                {"lot_name": "M2", "quantity": 1, "picked": True},
            ],
        )
        self.assertRecordValues(
            lines.serial_batch_id,
            [{"name": "C1", "supplier_id": self.supplier.id}],
        )
        self.assertEqual(str(lines.serial_batch_id.expiration_date), "2028-01-31")
        self.validate(picking)
        lots = picking.move_line_ids.lot_id
        self.assertEqual(lots.mapped("batch_id.name"), ["C1"])
        self.assertEqual(lots[0].expiration_date.date().isoformat(), "2028-01-31")

    def test_an_expiry_without_batch_goes_to_the_serial(self):
        picking = self.open_receipt((self.pack, 1))
        self.scan_in(picking, symbol("M1", PACK_GTIN, expiry="280131"))
        self.validate(picking)
        lot = picking.move_line_ids.lot_id
        self.assertEqual(lot.expiration_date.date().isoformat(), "2028-01-31")

    def test_a_production_date_without_batch_goes_to_the_serial(self):
        picking = self.open_receipt((self.watch, 2))
        self.scan_in(
            picking,
            f"]d201{WATCH_GTIN}1126090121W1",
            f"]d201{WATCH_GTIN}1126090221W2",
        )
        self.validate(picking)
        lots = picking.move_line_ids.lot_id.sorted("name")
        self.assertEqual(
            list(map(str, lots.mapped("production_date"))), ["2026-09-01", "2026-09-02"]
        )

    def test_a_serial_made_on_another_day_than_its_batch_keeps_its_day(self):
        batch = self.env["serial.batch"].create(
            {
                "name": "B1",
                "product_id": self.watch.id,
                "production_date": "2026-08-31",
            }
        )
        known = self.env["stock.lot"].create(
            {"name": "W1", "product_id": self.watch.id}
        )
        picking = self.open_receipt((self.watch, 3))
        self.scan_in(
            picking,
            f"]d201{WATCH_GTIN}1126090121W1{GS}10B1",
            f"]d201{WATCH_GTIN}1126090121W2{GS}10B1",
            f"]d201{WATCH_GTIN}21W3{GS}10B1",
        )
        self.validate(picking)
        lots = picking.move_line_ids.lot_id.sorted("name")
        self.assertIn(known, lots)
        self.assertEqual(lots.batch_id, batch)
        self.assertEqual(
            list(map(str, lots.mapped("production_date"))),
            ["2026-09-01", "2026-09-01", "2026-08-31"],
        )

    def test_a_known_batch_is_taken_again(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.phone.id}
        )
        picking = self.open_receipt((self.phone, 1))
        self.scan_in(picking, symbol("A1", batch="B1"))
        self.assertEqual(picking.move_line_ids.serial_batch_id, batch)

    def test_wrong_lines_stay_and_the_rest_is_received_with_a_backorder(self):
        picking = self.open_receipt((self.phone, 3))
        scan_import = self.scan_in(picking, symbol("A1"), "]d2x", symbol("A2"))
        self.assertEqual(scan_import.line_ids.mapped("number"), [2])
        self.assertEqual(picking.move_ids.product_uom_qty, 3)
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.move_line_ids.lot_id.mapped("name"), ["A1", "A2"])
        self.assertEqual(picking.backorder_ids.move_ids.product_uom_qty, 1)

    def test_demand_is_not_inflated_by_surplus(self):
        picking = self.open_receipt((self.phone, 1))
        self.scan_in(picking, symbol("A1"), symbol("A2"))
        self.assertRecordValues(
            picking.move_ids, [{"product_uom_qty": 1, "quantity": 2}]
        )

    def test_a_draft_receipt_is_confirmed(self):
        picking = self.open_receipt((self.phone, 1), confirm=False)
        self.scan_in(picking, symbol("A1"))
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.move_line_ids.mapped("lot_name"), ["A1"])

    def test_an_empty_receipt_is_filled_by_scanning(self):
        picking = self.open_receipt()
        self.scan_in(picking, symbol("A1"), symbol("A2"), symbol("M1", PACK_GTIN, "C1"))
        self.assertEqual(len(picking.move_ids), 2)
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(
            picking.move_line_ids.lot_id.mapped("name"), ["A1", "A2", "M1"]
        )

    def test_names_that_were_entered_before_are_checked_off(self):
        picking = self.open_receipt((self.phone, 2))
        picking.move_line_ids[0].lot_name = "A1"
        self.scan_in(picking, symbol("A1", batch="B1"))
        self.assertRecordValues(
            picking.move_line_ids.sorted("picked", reverse=True),
            [
                {"lot_name": "A1", "picked": True},
                {"lot_name": False, "picked": False},
            ],
        )

    def test_two_moves_of_a_product_are_filled_in_turn(self):
        picking = self.open_receipt((self.phone, 1), (self.phone, 1))
        self.scan_in(picking, symbol("A1"), symbol("A2"))
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 2)

    def test_nothing_is_applied_twice(self):
        picking = self.open_receipt((self.phone, 2))
        first = self.read_import(picking, symbol("A1"))
        second = self.read_import(picking, symbol("A1"))
        first.action_apply()
        with self.assertRaisesRegex(UserError, "No line is good"):
            second.action_apply()
        self.assertEqual(len(picking.move_line_ids.filtered("lot_name")), 1)

    def test_what_somebody_else_received_meanwhile_is_seen(self):
        picking = self.open_receipt((self.phone, 2))
        scan_import = self.read_import(picking, symbol("A1"), symbol("A2"))
        self.assertEqual(scan_import.ready_count, 2)
        self.receive(self.phone, ["A1"])
        scan_import.action_apply()
        self.assertRecordValues(
            scan_import.line_ids, [{"serial": "A1", "verdict": "in_stock"}]
        )
        names = picking.move_line_ids.filtered("picked").mapped("lot_name")
        self.assertEqual(names, ["A2"])

    # ---- Deliveries ----

    def test_reserved_units_are_checked_off(self):
        lots = self.receive(self.phone, ["A1", "A2"])
        picking = self.delivery((self.phone, 2))
        lines = picking.move_line_ids
        self.scan_in(picking, symbol("A1"), symbol("A2"))
        self.assertEqual(picking.move_line_ids, lines)
        self.assertEqual(set(lines.mapped("picked")), {True})
        self.validate(picking)
        self.assertEqual(lots.location_id, self.customer_location)

    def test_another_unit_takes_the_place_of_a_reserved_one(self):
        self.receive(self.phone, ["A1", "A2"])
        picking = self.delivery((self.phone, 1))
        reserved = picking.move_line_ids.lot_id
        other = {"A1": "A2", "A2": "A1"}[reserved.name]
        self.scan_in(picking, symbol(other))
        self.assertRecordValues(
            picking.move_line_ids, [{"quantity": 1, "picked": True}]
        )
        self.assertEqual(picking.move_line_ids.lot_id.name, other)
        self.assertFalse(reserved.quant_ids.filtered("reserved_quantity"))

    def test_a_unit_of_another_delivery_is_taken_and_replaced(self):
        self.receive(self.phone, ["A1", "A2"])
        other = self.delivery((self.phone, 1))
        lot = other.move_line_ids.lot_id
        picking = self.delivery((self.phone, 1), reserve=False)
        self.scan_in(picking, symbol(lot.name))
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertEqual(other.state, "assigned")
        self.assertNotEqual(other.move_line_ids.lot_id, lot)
        self.assertEqual(lot.quant_ids.mapped("reserved_quantity"), [0, 1])

    def test_units_are_taken_from_where_they_stand(self):
        lots = self.receive(self.phone, ["A1", "A2"])
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        package = self.env["stock.package"].create({"name": "PACK1"})
        quants = lots[0].quant_ids.filtered(lambda quant: quant.quantity > 0)
        quants.move_quants(location_dest_id=shelf, package_dest_id=package)
        picking = self.delivery((self.phone, 1), reserve=False)
        self.scan_in(picking, symbol("A1"))
        self.assertRecordValues(
            picking.move_line_ids,
            [{"location_id": shelf.id, "package_id": package.id}],
        )
        self.validate(picking)
        self.assertEqual(lots[0].location_id, self.customer_location)

    def test_an_internal_transfer_moves_what_is_scanned(self):
        lots = self.receive(self.phone, ["A1", "A2"])
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        picking = self.transfer(
            self.warehouse.int_type_id, self.stock_location, shelf, [(self.phone, 1)]
        )
        self.scan_in(picking, symbol("A2"))
        self.validate(picking)
        self.assertEqual(lots.mapped("location_id"), self.stock_location | shelf)

    # ---- Returns ----

    def test_a_return_takes_back_the_units_that_came(self):
        lots = self.receive(self.phone, ["A1", "A2"])
        delivery = self.deliver(lots)
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.operator)
            .create({"picking_id": delivery.id})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.scan_in(back, symbol("A2"))
        self.assertRecordValues(
            back.move_line_ids, [{"lot_id": lots[1].id, "picked": True}]
        )
        self.validate(back.with_user(self.operator))
        self.assertEqual(lots[1].location_id, self.stock_location)
        self.assertEqual(lots[0].location_id, self.customer_location)

    def test_the_ledger_tells_of_what_was_scanned_in(self):
        picking = self.open_receipt((self.phone, 1))
        self.scan_in(picking, symbol("A1", batch="B1"))
        self.validate(picking)
        lot = picking.move_line_ids.lot_id
        (event,) = self.events(lot, movement="receipt")
        self.assertEqual(event.line_ids.batch_number, "B1")
