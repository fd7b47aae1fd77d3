from odoo.exceptions import UserError
from odoo.tests import tagged

from ..scanning.common import symbol
from .common import RADIO_GTIN, StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeSwitch(StocktakeCase):
    """Switching gives each unit its number and changes nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock(cls.shelf_a, 3)
        cls.stock(cls.shelf_b, 2)
        cls.stocktake = cls.begin()

    def fill(self):
        self.collect(self.stocktake, self.shelf_a, "R1", "R2", "R3")
        self.collect(self.stocktake, self.shelf_b, "R4", "R5")

    def assert_refused(self, text):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            self.stocktake.action_switch()
        self.assertEqual(self.radio.tracking, "none")
        self.assertFalse(
            self.env["stock.lot"].search([("product_id", "=", self.radio.id)])
        )

    def test_each_unit_gets_a_number_where_it_stands(self):
        self.fill()
        self.stocktake.action_switch()
        self.assertEqual(self.radio.tracking, "serial")
        lots = self.env["stock.lot"].search(
            [("product_id", "=", self.radio.id)], order="name"
        )
        self.assertRecordValues(
            lots,
            [
                {"name": name, "product_qty": 1, "location_id": shelf.id}
                for name, shelf in zip(
                    ("R1", "R2", "R3", "R4", "R5"),
                    (*[self.shelf_a] * 3, *[self.shelf_b] * 2),
                    strict=True,
                )
            ],
        )
        self.assertEqual(self.stocktake.state, "done")
        self.assertEqual(self.stocktake.number_ids.lot_id, lots)
        self.assertEqual(self.stocktake.line_ids.mapped("fit"), ["fits", "fits"])

    def test_quantities_and_reservations_stay(self):
        delivery = self.reserve(4)
        before, demand = self.quantities(), delivery.move_ids.quantity
        self.fill()
        self.stocktake.action_switch()
        self.assertEqual(self.quantities(), before)
        self.assertEqual(delivery.move_ids.quantity, demand)
        self.assertEqual(delivery.state, "assigned")
        self.env["stock.quant"]._quant_tasks()
        self.assertEqual(self.quantities(), before)

    def test_place_package_owner_and_age_of_the_goods_stay(self):
        package = self.env["stock.package"].create({"name": "PACK7"})
        quant = self.stock(self.shelf_a, 2, package_id=package, owner_id=self.customer)
        quant.in_date = "2026-01-02 03:04:05"
        self.stocktake.action_compare()
        self.fill()
        line = self.stocktake.line_ids.filtered("package_id")
        line.with_user(self.operator).add_numbers(["P1", "P2"])
        self.stocktake.action_switch()
        lots = self.env["stock.lot"].search([("name", "in", ("P1", "P2"))])
        quants = self.env["stock.quant"].search([("lot_id", "in", lots.ids)])
        expected = {
            "quantity": 1,
            "location_id": self.shelf_a.id,
            "package_id": package.id,
            "owner_id": self.customer.id,
            "in_date": quant.in_date,
        }
        self.assertRecordValues(quants, [expected, expected])
        self.assertEqual(str(quant.in_date), "2026-01-02 03:04:05")

    def test_value_stays_and_nothing_is_posted(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method):
                product = self.env["product.product"].create(
                    {"name": method, "is_storable": True, "standard_price": 12.5}
                )
                product.categ_id = self.env["product.category"].create(
                    {"name": method, "property_cost_method": method}
                )
                self.receive_untracked(product, 4)
                before = (product.total_value, product.standard_price)
                self.assertTrue(before[0])
                entries = self.env["account.move"].search_count([])
                values = self.env["product.value"].search_count([])
                stocktake = self.begin(product)
                self.collect(stocktake, self.stock_location, "1", "2", "3", "4")
                stocktake.action_switch()
                product.invalidate_recordset()
                self.assertEqual((product.total_value, product.standard_price), before)
                self.assertEqual(self.env["account.move"].search_count([]), entries)
                self.assertEqual(self.env["product.value"].search_count([]), values)

    def receive_untracked(self, product, quantity):
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(product, quantity)],
            partner=self.supplier,
        )
        picking.action_confirm()
        self.validate(picking)

    def test_the_ledger_tells_that_the_units_were_found(self):
        self.fill()
        self.stocktake.action_switch()
        lots = self.stocktake.number_ids.lot_id
        events = self.events(lots)
        self.assertRecordValues(
            events.sorted("unit_count", reverse=True),
            [
                {
                    "movement": "stocktake",
                    "action": "OBSERVE",
                    "biz_step": "stock_taking",
                    "disposition": "sellable_not_accessible",
                    "source_location_res_id": shelf.id,
                    "document_model": "serial.stocktake",
                    "document_res_id": self.stocktake.id,
                    "unit_count": count,
                    "user_res_id": self.quality_manager.id,
                }
                for shelf, count in ((self.shelf_a, 3), (self.shelf_b, 2))
            ],
        )
        self.assertEqual(lots.mapped("disposition"), ["sellable_not_accessible"] * 5)
        self.assertEqual(lots.custodian_id, self.company.partner_id)

    def test_batches_of_the_labels_become_batches_of_the_serials(self):
        self.collect(
            self.stocktake,
            self.shelf_a,
            symbol("R1", RADIO_GTIN, batch="B7", expiry="280131"),
            symbol("R2", RADIO_GTIN, batch="B7", expiry="280131"),
            "R3",
        )
        self.collect(self.stocktake, self.shelf_b, "R4", "R5")
        self.stocktake.action_switch()
        lots = self.env["stock.lot"].search([("product_id", "=", self.radio.id)])
        self.assertEqual(len(lots.batch_id), 1)
        self.assertEqual(sorted(lots.batch_id.lot_ids.mapped("name")), ["R1", "R2"])
        self.assertEqual(str(lots.batch_id.expiration_date), "2028-01-31")

    def test_serials_are_shipped_like_any_others(self):
        self.fill()
        self.stocktake.action_switch()
        lot = self.env["stock.lot"].search([("name", "=", "R4")])
        self.move(
            lot, self.warehouse.out_type_id, self.shelf_b, self.customer_location,
            partner=self.customer,
        )  # fmt: skip
        self.assertEqual(lot.disposition, "in_transit")
        self.assertEqual(lot.custodian_id, self.customer)

    # ---- Refusals ----

    def test_it_names_each_place_with_both_numbers(self):
        self.collect(self.stocktake, self.shelf_a, "R1", "R2")
        self.collect(self.stocktake, self.shelf_b, "R4", "R5", "R6")
        self.assert_refused(
            r"(?s)Shelf A: 3 units are in stock, but 2 numbers were collected.*"
            r"Shelf B: 2 units are in stock, but 3 numbers were collected"
        )

    def test_parts_of_units_are_refused(self):
        self.fill()
        self.stock(self.shelf_a, 0.5)
        self.assert_refused("Shelf A: 3.5 in stock, 0.0 reserved are not whole units")

    def test_negative_stock_is_refused(self):
        self.fill()
        self.stock(self.shelf_b, -4)
        self.assert_refused("Shelf B: stock is -2.0, less than nothing")

    def test_goods_that_arrived_meanwhile_are_named(self):
        self.fill()
        self.stock(self.stock_location, 1)
        self.assert_refused("WH/Stock: goods were moved there meanwhile")
        self.stocktake.action_compare()
        self.collect(self.stocktake, self.stock_location, "R6")
        self.stocktake.action_switch()
        self.assertEqual(self.radio.tracking, "serial")

    def test_goods_that_left_meanwhile_are_named_and_it_goes_on(self):
        self.fill()
        self.validate(self.reserve(1, source=self.shelf_a))
        self.assert_refused("Shelf A: 2 units are in stock, but 3 numbers")
        self.stocktake.number_ids.filtered(
            lambda number: number.name == "R1"
        ).action_remove()
        self.stocktake.action_switch()
        self.assertEqual(self.radio.tracking, "serial")

    def test_a_count_that_waits_is_refused(self):
        self.fill()
        quant = self.env["stock.quant"]._gather(self.radio, self.shelf_a, strict=True)
        quant.with_context(inventory_mode=True).write(
            {"inventory_quantity": 4, "inventory_quantity_set": True}
        )
        self.assert_refused("Shelf A: a count is entered that is not applied yet")

    def test_what_is_done_cannot_be_undone(self):
        self.fill()
        self.stocktake.action_switch()
        with self.assertRaisesRegex(UserError, "cannot be cancelled"):
            self.stocktake.action_cancel()
        with self.assertRaisesRegex(UserError, "only while its stocktake is open"):
            self.stocktake.action_switch()
        with self.assertRaisesRegex(UserError, "only while its stocktake is open"):
            self.stocktake.number_ids.with_user(self.operator).action_remove()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.stocktake.unlink()

    def test_a_product_that_core_switched_without_numbers_is_brought_over_too(self):
        self.radio.product_tmpl_id.tracking = "serial"
        self.fill()
        self.stocktake.action_switch()
        self.assertEqual(len(self.stocktake.number_ids.lot_id), 5)
        self.assertEqual(sum(self.stocktake.number_ids.lot_id.mapped("product_qty")), 5)

    def test_a_number_of_former_times_gets_its_old_serial(self):
        self.radio.product_tmpl_id.tracking = "serial"
        old = self.env["stock.lot"].create({"name": "R1", "product_id": self.radio.id})
        self.radio.product_tmpl_id.tracking = "none"
        self.fill()
        self.stocktake.action_switch()
        number = self.stocktake.number_ids.filtered(lambda each: each.name == "R1")
        self.assertEqual(number.lot_id, old)
