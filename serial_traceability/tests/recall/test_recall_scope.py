from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallScope(RecallCase):
    """What each criterion of a scope is about."""

    def assertFinds(self, lots, *rows):
        self.assertEqual(self.find(self.draft(*rows)), lots)

    def ids(self, records):
        return [Command.set(records.ids)]

    def test_products(self):
        cables = self.receive(self.cable, ["L1"], quantity=5)
        self.assertFinds(self.phones, {"product_ids": self.ids(self.phone)})
        self.assertFinds(
            self.phones | cables, {"product_ids": self.ids(self.phone | self.cable)}
        )

    def test_batches(self):
        self.assertFinds(self.phones[:2], {"batch_ids": self.ids(self.batch)})

    def test_a_lot_of_a_lot_tracked_product_is_its_batch(self):
        lots = self.receive(self.cable, ["L1", "L2"], quantity=5)
        self.assertFinds(lots[0], {"lot_ids": self.ids(lots[0])})

    def test_batches_and_lots_of_one_row_are_alternatives(self):
        lot = self.receive(self.cable, ["L1"], quantity=5)
        row = {"batch_ids": self.ids(self.batch), "lot_ids": self.ids(lot)}
        self.assertFinds(self.phones[:2] | lot, row)

    def test_range_is_counted_within_one_length(self):
        longer = self.receive(self.phone, ["SN00021"])
        self.assertFinds(
            self.phones[1:3], {"serial_from": "SN0002", "serial_to": "SN0003"}
        )
        self.assertNotIn(
            longer, self.find(self.draft({"serial_from": "SN0", "serial_to": "SN9"}))
        )

    def test_wrong_ranges_are_refused(self):
        for first, last in (("SN9", "SN10"), ("SN2", "SN1"), ("SN1", False)):
            with self.subTest(first), self.assertRaises(ValidationError):
                self.draft({"serial_from": first, "serial_to": last})

    def test_production_dates(self):
        self.correct(self.phones[2], production_date="2026-06-01")
        self.assertFinds(
            self.phones[:2],
            {"production_from": "2026-05-01", "production_to": "2026-05-31"},
        )
        self.assertFinds(self.phones[:3], {"production_from": "2026-05-01"})

    def test_dates_the_wrong_way_round_are_refused(self):
        with self.assertRaises(ValidationError):
            self.draft({"production_from": "2026-06-01", "production_to": "2026-05-01"})

    def test_supplier_by_its_receipts(self):
        others = self.env["res.partner"].create({"name": "Other Maker"})
        self.assertFinds(self.phones, {"supplier_id": self.supplier.id})
        self.assertFinds(self.phones.browse(), {"supplier_id": others.id})

    def test_supplier_by_its_contact(self):
        contact = self.supplier.create(
            {"name": "Dock 2", "parent_id": self.supplier.id}
        )
        self.first_receipt.sudo().partner_id = contact
        self.assertFinds(self.phones, {"supplier_id": self.supplier.id})

    def test_supplier_of_the_batch(self):
        maker = self.env["res.partner"].create({"name": "Other Maker"})
        self.batch.supplier_id = maker
        self.assertFinds(self.phones[:2], {"supplier_id": maker.id})

    def test_receipts(self):
        self.receive(self.phone, ["SN0009"])
        self.assertFinds(self.phones, {"picking_ids": self.ids(self.first_receipt)})

    def test_location_with_what_stands_below(self):
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        phone = self.receive(self.phone, ["SN0009"], destination=shelf)
        self.assertFinds(phone, {"location_id": shelf.id})
        self.assertFinds(self.phones | phone, {"location_id": self.stock_location.id})

    def test_all_of_a_row_applies(self):
        self.assertFinds(
            self.phones[1],
            {
                "batch_ids": self.ids(self.batch),
                "serial_from": "SN0002",
                "serial_to": "SN0004",
            },
        )

    def test_any_of_the_rows_applies(self):
        self.assertFinds(
            self.phones[0] | self.phones[3],
            {"serial_from": "SN0001", "serial_to": "SN0001"},
            {"lot_ids": self.ids(self.phones[3])},
        )

    # ---- Nothing, everything, empty ----

    def test_empty_row_is_refused(self):
        recall = self.draft({"lot_ids": self.ids(self.phones)}, {})
        self.assertEqual(self.find(recall), self.phones)
        with self.assertRaisesRegex(UserError, "empty"):
            recall.action_stop_ship()
        with self.assertRaisesRegex(UserError, "empty"):
            recall.action_stop_ship_anyway()

    def test_no_row_is_refused(self):
        with self.assertRaisesRegex(UserError, "no scope"):
            self.draft().action_stop_ship_anyway()

    def test_scope_that_fits_nothing_says_so(self):
        recall = self.draft({"serial_from": "ZZ01", "serial_to": "ZZ99"})
        with self.assertRaisesRegex(UserError, "fits no unit"):
            recall.action_stop_ship()
        self.assertEqual(recall.state, "draft")
        recall.action_stop_ship_anyway()
        self.assertRecordValues(recall, [{"state": "stop_ship", "unit_ids": []}])

    def test_scope_that_fits_everything_asks(self):
        company = self.env["res.company"].create({"name": "New Ltd"})
        self.quality_manager.company_ids |= company
        lot = self.env["stock.lot"].create(
            {"name": "N1", "product_id": self.phone.id, "company_id": company.id}
        )
        shared = self.env["stock.lot"].search([("company_id", "=", False)])
        recall = self.draft({"lot_ids": self.ids(lot | shared)}, company_id=company.id)
        with self.assertRaisesRegex(UserError, "fits all"):
            recall.action_stop_ship()
        recall.action_stop_ship_anyway()
        self.assertTrue(lot.is_locked)

    # ---- Companies ----

    def test_other_companies_records_are_refused(self):
        company = self.env["res.company"].create({"name": "Sister Ltd"})
        lot = self.env["stock.lot"].create(
            {"name": "S1", "product_id": self.phone.id, "company_id": company.id}
        )
        self.quality_manager.company_ids |= company
        with self.assertRaises(UserError):
            self.draft({"lot_ids": self.ids(lot)})

    def test_other_companies_lots_are_not_found(self):
        company = self.env["res.company"].create({"name": "Sister Ltd"})
        lots = self.env["stock.lot"]
        values = {"product_id": self.phone.id}
        own = lots.create({"name": "S1", "company_id": company.id, **values})
        shared = lots.create({"name": "S2", "company_id": False, **values})
        found = self.find(self.draft({"product_ids": self.ids(self.phone)}))
        self.assertIn(shared, found)
        self.assertNotIn(own, found)
