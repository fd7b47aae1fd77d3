from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeRights(StocktakeCase):
    """Quality managers begin and switch, operators collect, others read or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock(cls.shelf_a, 1)
        cls.stocktake = cls.begin()
        cls.portal = new_test_user(
            cls.env, login="stocktake_portal", groups="base.group_portal"
        )

    def test_only_a_quality_manager_begins_switches_and_cancels(self):
        for user in (self.operator, self.auditor, self.service, self.stock_user):
            stocktake = self.stocktake.with_user(user)
            for refused in (
                lambda own=stocktake: own.create(
                    {"product_tmpl_id": self.box.product_tmpl_id.id}
                ),
                stocktake.action_start,
                stocktake.action_switch,
                stocktake.action_cancel,
                lambda own=stocktake: own.write({"state": "done"}),
                self.box.product_tmpl_id.with_user(user).action_open_serial_stocktake,
            ):
                with self.assertRaises(AccessError):
                    refused()

    def test_the_context_of_a_call_says_nothing_of_a_new_stocktake(self):
        stocktakes = self.env["serial.stocktake"].with_user(self.quality_manager)
        product = self.env["product.product"].create(
            {"name": "Crate", "is_storable": True}
        )
        stocktake = stocktakes.with_context(
            default_state="done", default_switch_time="2026-01-01 00:00:00"
        ).create({"product_tmpl_id": product.product_tmpl_id.id})
        self.assertRecordValues(stocktake, [{"state": "draft", "switch_time": False}])

    def test_no_step_is_skipped_by_hand(self):
        for user in (self.quality_manager, self.administrator):
            stocktake = self.stocktake.with_user(user)
            for values in ({"state": "done"}, {"company_id": self.company.id}):
                with self.assertRaisesRegex(AccessError, "only its own steps write"):
                    stocktake.write(values)
            with self.assertRaisesRegex(AccessError, "only its own steps write"):
                stocktake.create(
                    {
                        "product_tmpl_id": self.box.product_tmpl_id.id,
                        "state": "collecting",
                    }
                )
            with self.assertRaisesRegex(UserError, "its product cannot change"):
                stocktake.product_tmpl_id = self.box.product_tmpl_id

    def test_only_operators_collect_and_remove(self):
        self.collect(self.stocktake, self.shelf_a, "R1")
        for user in (self.auditor, self.service, self.stock_user, self.portal):
            place = self.place(self.stocktake, self.shelf_a, user)
            for refused in (
                lambda own=place: own.add_numbers(["R2"]),
                lambda own=place: own.serial_scan("R2", "uuid"),
                place.action_scan_serials,
                self.stocktake.number_ids.with_user(user).action_remove,
                self.stocktake.with_user(user).action_compare,
            ):
                with self.assertRaises(AccessError):
                    refused()
        self.assertEqual(self.stocktake.number_ids.name, "R1")

    def test_nobody_writes_places_and_numbers_by_hand(self):
        self.collect(self.stocktake, self.shelf_a, "R1")
        for user in (self.operator, self.quality_manager, self.administrator):
            line = self.stocktake.line_ids.with_user(user)
            number = self.stocktake.number_ids.with_user(user)
            for refused in (
                lambda own=line: own.write({"location_id": self.shelf_b.id}),
                line.unlink,
                lambda own=number: own.write({"name": "R2"}),
                number.unlink,
                lambda own=number: own.create({"line_id": 1, "name": "X"}),
            ):
                with self.assertRaises(AccessError):
                    refused()

    def test_another_company_sees_neither_places_nor_numbers(self):
        self.collect(self.stocktake, self.shelf_a, "R1")
        user, _location = self.other_company_user()
        for records in (self.stocktake.line_ids, self.stocktake.number_ids):
            self.assertFalse(
                records.with_user(user).search([("id", "in", records.ids)])
            )
        with self.assertRaises(AccessError):
            self.place(self.stocktake, self.shelf_a, user).add_numbers(["R2"])

    def test_companies_that_share_a_product_collect_each_for_itself(self):
        user, location = self.other_company_user()
        self.stock(location, 1)
        self.stocktake.action_compare()
        self.collect(self.stocktake, self.shelf_a, "R1")
        with self.assertRaisesRegex(
            UserError, "A place of another company: 1 units are in stock, but 0 numbers"
        ):
            self.stocktake.action_switch()
        self.env.invalidate_all()
        own = self.stocktake.with_user(user)
        self.assertEqual(own.line_ids.location_id, location)
        own.line_ids.add_numbers(["R2"])
        self.stocktake.action_switch()
        number = self.stocktake.sudo().number_ids.filtered(lambda n: n.name == "R2")
        self.assertEqual(number.lot_id.location_id, location)
        event = self.events(number.lot_id.sudo())
        self.assertEqual(event.company_id, user.company_id)

    def test_a_product_of_another_company_is_out_of_reach(self):
        user, _location = self.other_company_user()
        self.radio.product_tmpl_id.company_id = self.company
        self.assertFalse(
            self.stocktake.with_user(user).search([("id", "=", self.stocktake.id)])
        )
