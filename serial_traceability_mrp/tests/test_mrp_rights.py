from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpRights(MrpCase):
    """Who makes goods numbers them, in their own company and nowhere else."""

    def test_a_maker_without_our_roles_finishes_orders(self):
        order = self.order(2)
        with Form(order) as form:
            self.assertEqual(form.serial_source, "Made")
        self.assertEqual(order.create_uid, self.maker)
        lots = self.generate(order)
        run = self.env["serial.number"].search([("lot_id", "in", lots.ids)]).issue_id
        self.assertEqual(run.create_uid, self.maker)
        self.finish(order)
        self.assertEqual(order.state, "done")

    def test_a_maker_issues_nothing_else(self):
        issues = self.env["serial.issue"].with_user(self.maker)
        with self.assertRaises(AccessError):
            issues.issue(self.phone.id, 1)
        with self.assertRaises(AccessError):
            issues.create({"product_id": self.phone.id})
        with self.assertRaises(AccessError):
            self.env["serial.number"].with_user(self.maker).search([]).read(["name"])

    def test_every_role_reads_serials_and_the_orders_that_made_them(self):
        order = self.order()
        lot = self.generate(order)
        self.finish(order)
        for user in (self.service, self.auditor, self.operator):
            self.assertFalse(lot.with_user(user).partner_ids)
            Form(lot.with_user(user))
            entries = lot.with_user(user).get_timeline()["entries"]
            self.assertEqual(
                [entry["document"]["id"] for entry in entries], [order.id] * 2
            )

    def test_others_take_no_numbers(self):
        order = self.order()
        portal = new_test_user(self.env, login="mrp_portal", groups="base.group_portal")
        for user in (self.auditor, self.service, self.stock_user, portal):
            with self.assertRaises(AccessError):
                order.with_user(user).action_generate_serial()
            with self.assertRaises(AccessError):
                order.with_user(user)._take_numbers(1)
        self.assertFalse(self.numbers())

    def test_another_company_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.maker.copy(
            {
                "login": "mrp_stranger",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        order = self.order(2)
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_generate_serial()
        dialog = (
            self.env["mrp.production.serials"]
            .with_user(stranger)
            .create({"production_id": order.id, "serial_numbers": "X"})
        )
        for refused in (dialog.action_generate_serial_numbers, dialog.action_apply):
            with self.assertRaises(AccessError):
                refused()
        self.assertFalse(self.numbers())

    def test_a_number_of_another_companys_block_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        block = self.env["serial.block"].create(
            {
                "holder_kind": "line",
                "line_name": "Line",
                "product_id": self.phone.id,
                "scheme_id": self.scheme.id,
                "company_id": company.id,
                "quantity": 1,
            }
        )
        block.action_open()
        dialog = self.dialog(self.order(), block._get_unused()[0])
        dialog.action_apply()
        self.assertIn("is one of block", dialog.refusal)
