from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningRights(ScanCase):
    """Who may scan: operators, on transfers of their companies, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 2))
        cls.portal = new_test_user(
            cls.env, login="scan_portal", groups="base.group_portal"
        )

    def outsiders(self):
        return (self.auditor, self.service, self.stock_user, self.portal)

    def test_only_operators_open_the_dialog(self):
        for user in self.outsiders():
            picking = self.picking.with_user(user)
            with self.subTest(user=user.login):
                for method in ("action_scan_serials", "action_announce_serials"):
                    with self.assertRaises(AccessError):
                        getattr(picking, method)()

    def test_only_operators_ask_the_resolver(self):
        for user in self.outsiders():
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.resolve(self.picking, symbol("A1"), user=user)

    def test_only_operators_make_an_import_at_all(self):
        for user in self.outsiders():
            imports = self.env["serial.scan.import"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                imports.create({"picking_id": self.picking.id})

    def test_an_import_is_its_makers_alone(self):
        scan_import = self.read_import(self.picking, symbol("A1"))
        with self.assertRaises(AccessError):
            scan_import.with_user(self.quality_manager).action_apply()
        self.assertFalse(self.picking.move_line_ids.filtered("lot_name"))

    def test_another_companys_transfer_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="scan_stranger",
            groups="serial_traceability.group_serial_operator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            self.resolve(self.picking, symbol("A1"), user=stranger)
        with self.assertRaises(AccessError):
            self.picking.with_user(stranger).serial_scan(symbol("A1"), "1")
        scan_import = (
            self.env["serial.scan.import"]
            .with_user(stranger)
            .create({"picking_id": self.picking.id, "scan_text": symbol("A1")})
        )
        with self.assertRaises(AccessError):
            scan_import.action_read()

    def test_a_done_transfer_is_over(self):
        self.receive(self.phone, ["A1"])
        with self.assertRaisesRegex(UserError, "Scan on a new transfer"):
            self.receipt.with_user(self.operator).action_scan_serials()

    def test_scans_and_lists_are_read_by_readers_and_written_by_none(self):
        self.picking.with_user(self.operator).serial_scan(symbol("A1"), "1")
        scan = self.env["serial.scan"].search([("picking_id", "=", self.picking.id)])
        self.assertTrue(scan.with_user(self.auditor).text)
        for user in (self.auditor, self.operator, self.administrator):
            with self.assertRaises(AccessError):
                scan.with_user(user).write({"text": "x"})
            with self.assertRaises(AccessError):
                scan.with_user(user).unlink()
        with self.assertRaises(AccessError):
            scan.with_user(self.stock_user).read(["text"])

    def test_the_button_is_shown_to_operators_while_it_works(self):
        def visible(user, picking):
            return picking.with_user(user).can_scan_serials

        self.assertTrue(visible(self.operator, self.picking))
        self.assertFalse(visible(self.stock_user, self.picking))
        self.picking.action_cancel()
        self.assertFalse(visible(self.operator, self.picking))

    def test_a_policy_of_another_company_holds_there_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        policy = self.env["serial.policy"].create(
            {"name": "Theirs", "company_id": other.id, "numbered_by": "announced"}
        )
        above = self.env["serial.policy"].create({"name": "Everybody's"})
        parent = self.env["product.category"].create(
            {"name": "Above", "serial_policy_id": above.id}
        )
        self.pack.categ_id = parent.create(
            {"name": "Below", "parent_id": parent.id, "serial_policy_id": policy.id}
        )
        self.phone.serial_policy_id = policy
        for product, own in ((self.phone, above.browse()), (self.pack, above)):
            template = product.product_tmpl_id
            theirs = template.with_company(other)
            self.assertEqual(theirs._get_serial_policy(), policy)
            self.env.invalidate_all()
            seen = template.with_user(self.stock_user)._get_serial_policy()
            self.assertEqual(seen, own)
            self.assertEqual(self.receive(product, ["N1"]).product_id, product)
