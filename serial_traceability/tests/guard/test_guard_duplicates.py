import logging

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestGuardDuplicates(SerialCase):
    """A database that has two serials of one number when the addon is installed."""

    def setUp(self):
        super().setUp()
        # The guard is remembered in the registry's cache, which outlives the test.
        self.addCleanup(self.env.registry.clear_cache)
        self.duplicates = self.env["serial.duplicate"].with_user(self.administrator)
        self.env["serial.duplicate"]._drop_guard()
        self.env.cr.execute(
            "INSERT INTO stock_lot (name, product_id, company_id) "
            "SELECT 'D1', %s, %s FROM generate_series(1, 2) RETURNING id",
            (self.phone.id, self.company.id),
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.lots = self.env["stock.lot"].browse(ids)

    def test_installation_goes_on_without_the_guard_and_without_an_error(self):
        with self.assertNoLogs("odoo", logging.ERROR):
            self.env["stock.lot"].init()
        self.assertFalse(self.env["serial.duplicate"]._has_guard())

    def test_duplicates_are_listed_with_their_serials(self):
        row = self.duplicates.search([("product_id", "=", self.phone.id)])
        self.assertRecordValues(
            row,
            [{"name": "D1", "company_id": self.company.id, "lot_count": 2}],
        )
        self.assertEqual(row.lot_ids, self.lots)
        action = row.action_open_serials()
        self.assertEqual(self.env["stock.lot"].search(action["domain"]), self.lots)

    def test_serials_of_another_company_are_not_in_the_row(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "INSERT INTO stock_lot (name, product_id, company_id) "
            "VALUES ('D1', %s, %s)",
            (self.phone.id, other.id),
        )
        rows = self.env["serial.duplicate"].search([("name", "=", "D1")])
        self.assertEqual(rows.lot_ids, self.lots)

    def test_activating_says_how_many_are_left(self):
        with self.assertRaisesRegex(UserError, "more than one serial: 1"):
            self.duplicates.action_activate_guard()

    def test_activating_after_the_last_is_renamed(self):
        self.lots[0].name = "D2"
        answer = self.duplicates.action_activate_guard()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertTrue(self.env["serial.duplicate"]._has_guard())
        self.assertFalse(self.duplicates.search([("name", "=", "D1")]))

    def test_the_button_of_the_list_activates_without_a_chosen_row(self):
        self.lots[0].name = "D2"
        # As the web client calls it: with the ids of the chosen rows.
        answer = call_kw(self.duplicates, "action_activate_guard", [[]], {})
        self.assertEqual(answer["params"]["type"], "success")

    def test_upgrade_activates_the_guard(self):
        self.lots[0].unlink()
        self.env["stock.lot"].init()
        self.assertTrue(self.env["serial.duplicate"]._has_guard())

    def test_daily_job_activates_the_guard_and_retires(self):
        self.lots[0].unlink()
        cron = self.env.ref("serial_traceability.cron_activate_guard")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertTrue(self.env["serial.duplicate"]._has_guard())

    def test_serials_are_created_while_there_are_duplicates(self):
        self.assertTrue(self.receive(self.phone, ["D3"]))

    def test_only_an_administrator_activates(self):
        for user in (self.quality_manager, self.operator, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.duplicates.with_user(user).action_activate_guard()

    def test_operator_does_not_see_the_report(self):
        with self.assertRaises(AccessError):
            self.duplicates.with_user(self.operator).search([])
