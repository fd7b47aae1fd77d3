from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import QuantityCase


@tagged("post_install", "-at_install")
class TestQuantitiesProducts(QuantityCase):
    """What is free and forecast of a product leaves locked units out, on hand not."""

    def test_a_locked_serial_is_on_hand_and_not_free(self):
        self.assertQuantities(self.phone, 3, 3, 3)
        holds = self.hold(self.phones[0])
        self.assertQuantities(self.phone, 3, 2, 2)
        self.release(holds)
        self.assertQuantities(self.phone, 3, 3, 3)

    def test_a_locked_lot_is_on_hand_and_not_free(self):
        holds = self.hold(self.reel)
        self.assertQuantities(self.cable, 20, 10, 10)
        self.hold(self.other_reel)
        self.assertQuantities(self.cable, 20, 0, 0)
        self.release(holds)
        self.assertQuantities(self.cable, 20, 10, 10)

    def test_a_unit_is_free_only_when_its_last_hold_is_lifted(self):
        first = self.hold(self.phones[0])
        second = self.hold(self.phones[0]) - first
        self.release(first)
        self.assertQuantities(self.phone, 3, 2, 2)
        self.release(second)
        self.assertQuantities(self.phone, 3, 3, 3)

    def test_what_is_reserved_of_a_locked_lot_is_subtracted_once(self):
        vendor = self.reserve(
            self.cable, 4, destination=self.supplier_location, lots=self.reel
        )
        self.assertQuantities(self.cable, 20, 16, 16)
        self.env["stock.lot"].flush_model()
        self._lock_behind_the_back(self.reel)
        self.assertEqual(sum(vendor.move_line_ids.mapped("quantity")), 4)
        self.assertQuantities(self.cable, 20, 10, 10)

    def _lock_behind_the_back(self, lots):
        """Lock lots and leave what is reserved of them, as for a way that is open."""
        self.env["serial.lock"]._insert(lots, self.reason, None, None, None)
        self.env["serial.lock"]._mark(lots.ids)

    def test_another_lot_that_is_reserved_does_not_matter(self):
        self.reserve(self.cable, 4, lots=self.other_reel)
        self.hold(self.reel)
        self.assertQuantities(self.cable, 20, 6, 6)

    def test_expired_and_locked_units_are_left_out_once(self):
        packs = self.receive(self.pack, ["M1", "M2", "M3"])
        self.expire(packs[:2])
        self.assertQuantities(self.pack, 3, 1, 1)
        self.hold(packs[0])
        self.assertQuantities(self.pack, 3, 1, 1)
        self.hold(packs[2])
        self.assertQuantities(self.pack, 3, 0, 0)

    def test_a_unit_that_expires_by_the_day_asked_for_is_left_out_once(self):
        packs = self.receive(self.pack, ["M1", "M2"])
        self.hold(packs[0])
        later = fields.Datetime.add(fields.Datetime.now(), days=1000)
        self.assertQuantities(self.pack, 2, 0, 0, to_date=later)

    def test_the_past_is_not_told_anew(self):
        self.env.cr.execute(
            "UPDATE stock_move SET date = date - interval '2 days' "
            "WHERE product_id = %s",
            (self.phone.id,),
        )
        self.env.invalidate_all()
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.hold(self.phones)
        self.assertQuantities(self.phone, 3, 3, 3, to_date=yesterday)

    def test_only_the_location_in_the_context_counts(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.receive(self.phone, ["S1", "S2"], destination=shelf)
        self.hold(self.phones[0])
        self.assertQuantities(self.phone, 2, 2, 2, location=shelf.id)
        self.assertQuantities(self.phone, 5, 4, 4, location=self.stock_location.id)
        self.hold(self._find("S1"))
        self.assertQuantities(self.phone, 2, 1, 1, location=shelf.id)

    def _find(self, name):
        return self.env["stock.lot"].search([("name", "=", name)])

    def test_only_the_warehouse_in_the_context_counts(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.receive(self.phone, ["W1"], destination=other.lot_stock_id)
        self.hold(self.phones | self._find("W1"))
        self.assertQuantities(self.phone, 1, 0, 0, warehouse_id=other.id)
        self.assertQuantities(self.phone, 3, 0, 0, warehouse_id=self.warehouse.id)
        self.assertQuantities(self.phone, 4, 0, 0)

    def test_the_lot_the_package_and_the_owner_in_the_context_count(self):
        owner = self.supplier
        package = self.env["stock.package"].create({})
        quants = self.env["stock.quant"].search([("lot_id", "=", self.reel.id)])
        quants = quants.filtered(lambda q: q.location_id == self.stock_location)
        quants.sudo().write({"package_id": package.id, "owner_id": owner.id})
        self.hold(self.reel)
        for context in (
            {"lot_id": self.reel.id},
            {"package_id": package.id},
            {"owner_id": owner.id},
        ):
            with self.subTest(context=list(context)):
                self.assertQuantities(self.cable, 10, 0, 0, **context)
        self.assertQuantities(self.cable, 10, 10, 10, lot_id=self.other_reel.id)
        for owners, locked in (([owner.id], 10), ([], 0)):
            cable = self.cable.with_context(owners=owners)
            self.assertEqual(sum(cable._get_locked_quantities().values()), locked)

    def test_two_companies_each_see_what_is_free_of_theirs(self):
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        stranger = new_test_user(
            self.env,
            login="serial_stranger",
            groups="stock.group_stock_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env["stock.quant"]._update_available_quantity(
            self.cable, warehouse.lot_stock_id, 5, lot_id=self.reel
        )
        self.reel.sudo().company_id = False
        self.hold(self.reel)
        theirs = self.cable.with_user(stranger).with_company(company)
        self.assertEqual([theirs.qty_available, theirs.free_qty], [5, 0])
        self.assertQuantities(self.cable, 20, 10, 10)

    def test_who_may_not_read_lots_reads_the_same(self):
        self.hold(self.phones[0])
        user = new_test_user(
            self.env, login="serial_seller", groups="sales_team.group_sale_salesman"
        )
        self.assertEqual(self.phone.with_user(user).free_qty, 2)

    def test_templates_follow_their_variants(self):
        template = self.phone.product_tmpl_id
        self.assertEqual(template.virtual_available, 3)
        self.hold(self.phones[0])
        self.assertEqual([template.qty_available, template.virtual_available], [3, 2])

    def test_products_are_found_by_what_is_free(self):
        self.hold(self.phones)
        found = self.env["product.product"].search(
            [("id", "in", (self.phone | self.cable).ids), ("free_qty", ">", 0)]
        )
        self.assertEqual(found, self.cable)

    def test_value_and_on_hand_stay(self):
        self.phone.standard_price = 40
        value, on_hand = self.phone.total_value, self.phone.qty_available
        self.assertEqual([value, on_hand], [120, 3])
        self.hold(self.phones)
        self.env.invalidate_all()
        self.assertEqual(
            [self.phone.total_value, self.phone.qty_available], [value, on_hand]
        )
        self.assertEqual(self.phones[0].product_qty, 1)

    def test_asking_costs_one_more_query_where_nothing_is_locked(self):
        products = self.phone | self.cable | self.box
        self.hold(self.receive(self.pack, ["M1"]))
        asked = products._get_locked_quantities
        self.assertEqual([asked(), self.count_queries(asked)], [{}, 1])

    def test_asking_costs_the_same_for_any_number_of_locked_units(self):
        def count(lots):
            self.hold(lots)
            asked = self.phone._get_locked_quantities
            # Once before, for what the registry keeps of users and companies.
            asked()
            return self.count_queries(asked)

        counts = [
            count(self.receive(self.phone, [f"Q{many}-{i}" for i in range(many)]))
            for many in (1, 10, 100)
        ]
        self.assertEqual(len(set(counts)), 1, counts)
