from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import RetirementCase


@tagged("post_install", "-at_install")
class TestRetirementRights(RetirementCase):
    """Quality managers end lives, administrators keep the reasons."""

    def test_only_a_quality_manager_retires(self):
        portal = new_test_user(
            self.env, login="retirement_portal", groups="base.group_portal"
        )
        for user in (
            self.operator,
            self.auditor,
            self.service,
            self.stock_user,
            portal,
        ):
            with self.assertRaises(AccessError):
                self.retire(self.phones, "destroy", user=user)
            with self.assertRaises(AccessError):
                self.env["serial.retirement"].with_user(user).create(
                    {"reason_id": self.reason.id}
                )
        self.assertFalse(any(self.phones.mapped("retired")))
        self.retire(self.phones, "destroy", user=self.administrator)

    def test_nobody_sets_it_by_hand(self):
        for value in (True, False, None):
            with self.assertRaisesRegex(UserError, "follow its history"):
                self.phones.with_user(self.quality_manager).write({"retired": value})

    def test_the_context_of_a_call_says_nothing_of_a_new_serial(self):
        lot = (
            self.env["stock.lot"]
            .with_user(self.quality_manager)
            .with_context(default_retired=True, default_disposition="stolen")
            .create({"name": "NEW-1", "product_id": self.phone.id})
        )
        self.assertRecordValues(lot, [{"retired": False, "disposition": False}])

    def test_reasons_are_kept_by_administrators(self):
        reasons = self.env["serial.retirement.reason"]
        for user in (self.quality_manager, self.operator):
            with self.assertRaises(AccessError):
                reasons.with_user(user).create({"name": "Because"})
        self.assertTrue(
            reasons.with_user(self.administrator).create({"name": "Because"})
        )

    def test_another_company_retires_its_own_units_only(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.quality_manager.copy(
            {
                "login": "retirement_stranger",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "A1 is in stock in another company"):
            self.retire(self.phones[0], "destroy", user=stranger)
        self.phones.company_id = self.company
        with self.assertRaises(AccessError):
            self.retire(self.phones[0], "destroy", user=stranger)
        self.assertEqual(self.in_stock(self.phones), 3)
