from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...models import serial_stocktake_line
from .common import StocktakeCase

_DONE = {"type": "ir.actions.act_window_close"}


@tagged("post_install", "-at_install")
class TestStocktakeIssuing(StocktakeCase):
    """Units that bear no number get one that we issue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scheme = cls.env["serial.scheme"].search([("form", "=", "plain")], limit=1)
        cls.policy = cls.env["serial.policy"].create(
            {"name": "Own numbers", "scheme_id": scheme.id}
        )
        cls.radio.serial_policy_id = cls.policy
        cls.stock(cls.shelf_a, 3)
        cls.stock(cls.shelf_b, 1)
        cls.stocktake = cls.begin()

    def test_as_many_are_issued_as_are_missing(self):
        self.collect(self.stocktake, self.shelf_a, "R1")
        place = self.place(self.stocktake, self.shelf_a)
        numbers = place.issue_numbers()
        self.assertEqual(len(numbers), 2)
        self.assertEqual(place.fit, "fits")
        self.assertRecordValues(
            place.number_ids.sorted("issued"),
            [{"name": "R1", "issued": False}]
            + [{"name": name, "issued": True} for name in sorted(numbers)],
        )
        register = self.env["serial.number"].search([("name", "in", numbers)])
        self.assertEqual(register.mapped("state"), ["issued", "issued"])
        with self.assertRaisesRegex(UserError, "have numbers already"):
            place.action_issue_numbers()

    def test_more_than_are_issued_at_once_is_said(self):
        place = self.place(self.stocktake, self.shelf_a)
        with patch.object(serial_stocktake_line, "AT_ONCE", 2):
            said = place.action_issue_numbers()
            self.assertIn("2 numbers were issued", said["params"]["message"])
            self.assertIn("1 units at", said["params"]["message"])
            self.assertEqual(place.action_issue_numbers(), _DONE)
        self.assertEqual(place.fit, "fits")

    def test_numbers_of_a_batch_bring_it_along(self):
        batch = self.env["serial.batch"].create(
            {
                "name": "B1",
                "product_id": self.radio.id,
                "production_date": "2026-01-31",
            }
        )
        place = self.place(self.stocktake, self.shelf_a)
        place.issue_numbers(batch.id)
        self.assertEqual(set(place.number_ids.mapped("batch_number")), {"B1"})
        run = self.env["serial.issue"].search([("product_id", "=", self.radio.id)])
        self.assertEqual(run.batch_id, batch)
        self.place(self.stocktake, self.shelf_b).issue_numbers()
        self.stocktake.action_switch()
        self.assertEqual(place.number_ids.lot_id.batch_id, batch)

    def test_where_units_must_name_their_batch_a_dialog_asks_for_it(self):
        place = self.place(self.stocktake, self.shelf_a)
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.radio.id}
        )
        self.policy.require_batch = True
        action = place.action_issue_numbers()
        self.assertFalse(place.number_ids)
        dialogs = self.env[action["res_model"]].with_context(**action["context"])
        with Form(dialogs.with_user(self.operator)) as form:
            self.assertEqual(form.difference, 3)
            form.batch_id = batch
        dialog = form.save()
        with self.assertRaises(AccessError):
            dialog.with_user(self.auditor).action_issue()
        self.assertEqual(dialog.action_issue(), _DONE)
        self.assertEqual(place.number_ids.mapped("batch_number"), ["B1"] * 3)
        self.policy.require_batch = False
        self.policy.scheme_id.prefix = "%(batch)s-"
        other = self.place(self.stocktake, self.shelf_b)
        self.assertEqual(
            other.action_issue_numbers()["res_model"], "serial.stocktake.issue"
        )

    def test_the_switch_commissions_them(self):
        for shelf in (self.shelf_a, self.shelf_b):
            self.place(self.stocktake, shelf).action_issue_numbers()
        self.stocktake.action_switch()
        lots = self.stocktake.number_ids.lot_id
        self.assertEqual(len(lots), 4)
        register = self.env["serial.number"].search([("lot_id", "in", lots.ids)])
        self.assertEqual(register.mapped("state"), ["commissioned"] * 4)
        self.assertEqual(
            [event.movement for event in self.events(lots[0])],
            ["commission", "stocktake"],
        )
        self.assertEqual(lots.mapped("disposition"), ["sellable_not_accessible"] * 4)

    def test_a_number_that_is_removed_is_not_issued_again(self):
        place = self.place(self.stocktake, self.shelf_a)
        first = set(place.issue_numbers())
        place.number_ids.action_remove()
        self.assertTrue(first.isdisjoint(place.issue_numbers()))

    def test_the_company_where_the_units_stand_issues(self):
        user, location = self.other_company_user()
        user.write(
            {"company_id": self.company.id, "company_ids": [(4, self.company.id)]}
        )
        self.stock(location, 1)
        self.stocktake.action_compare()
        companies = (self.company | location.company_id).ids
        place = self.place(self.stocktake.sudo(), location, user).sudo(False)
        place = place.with_context(allowed_company_ids=companies)
        numbers = place.issue_numbers()
        register = self.env["serial.number"].search([("name", "in", numbers)])
        self.assertEqual(register.company_id, location.company_id)

    def test_without_a_scheme_it_says_so(self):
        self.policy.scheme_id = False
        with self.assertRaisesRegex(UserError, "has no numbering scheme"):
            self.place(self.stocktake, self.shelf_a).issue_numbers()

    def test_it_is_for_operators_and_open_stocktakes(self):
        for user in (self.auditor, self.stock_user):
            with self.assertRaises(AccessError):
                self.place(self.stocktake, self.shelf_a, user).issue_numbers()
        self.stocktake.action_cancel()
        with self.assertRaisesRegex(UserError, "only while its stocktake is open"):
            self.place(self.stocktake, self.shelf_a).issue_numbers()

    def test_an_untracked_product_without_a_stocktake_gets_no_numbers(self):
        with self.assertRaisesRegex(UserError, "not tracked by unique serial number"):
            self.env["serial.issue"].with_user(self.operator).issue(
                self.box.id, 1, scheme_id=self.policy.scheme_id.id, commission=False
            )

    def test_serials_are_created_by_the_switch_alone(self):
        product = self.place(self.stocktake, self.shelf_a).product_id
        with self.assertRaisesRegex(UserError, "not tracked by unique serial number"):
            self.env["serial.issue"].with_user(self.operator).issue(product.id, 1)
