from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.serial_traceability.tests.scanning.common import symbol

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseRights(PurchaseCase):
    """Buyers and operators announce for orders of their company, nobody else."""

    def test_buyers_and_operators_announce(self):
        self.assertEqual(self.announce(symbol("A1")), ["ok"])
        order = self.order.with_user(self.operator)
        self.assertTrue(order.can_announce_serials)
        self.assertEqual(self.announce(symbol("A2"), order=order), ["ok"])

    def test_others_do_not(self):
        portal = new_test_user(
            self.env, login="purchase_portal", groups="base.group_portal"
        )
        for user in (self.auditor, self.service, self.stock_user, portal):
            order = self.order.with_user(user)
            with self.assertRaises(AccessError):
                self.announce(symbol("A1"), order=order)
            with self.assertRaises(AccessError):
                order.action_announce_serials()
        self.assertFalse(self.incoming.announced_ids)

    def test_a_buyer_reads_the_list_and_writes_it_only_by_announcing(self):
        self.announce(symbol("A1"))
        rows = self.incoming.announced_ids.with_user(self.buyer)
        self.assertEqual(rows.name, "A1")
        for refused in (
            lambda: rows.write({"state": "received"}),
            rows.unlink,
            lambda: rows.create({"picking_id": self.incoming.id, "name": "X"}),
            rows.with_user(self.stock_user).action_withdraw,
        ):
            with self.assertRaises(AccessError):
                refused()
        rows.action_withdraw()
        self.assertFalse(self.states(self.incoming))

    def test_a_buyer_does_not_scan_on_the_receipt(self):
        receipt = self.incoming.with_user(self.buyer)
        with self.assertRaises(AccessError):
            receipt.action_scan_serials()
        imports = self.env["serial.scan.import"].with_user(self.buyer)
        scan_import = imports.create({"picking_id": receipt.id, "scan_text": "A1"})
        with self.assertRaises(AccessError):
            scan_import.action_read()

    def test_another_company_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.buyer.copy(
            {
                "login": "serial_stranger",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        self.announce(symbol("A1"))
        with self.assertRaises(AccessError):
            self.announce(symbol("A2"), order=self.order.with_user(stranger))
        rows = self.env["serial.announced"].with_user(stranger)
        self.assertFalse(rows.search([("name", "=", "A1")]))
