from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import SerialCase

_URL = "/serial_traceability/trace/export"


@tagged("post_install", "-at_install")
class TestTraceAccess(SerialCase, HttpCase):
    """Who may trace what, by method and by URL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, login="serial_portal", groups="base.group_portal"
        )
        cls.phones = cls.receive(cls.phone, ["A1", "A2"])
        cls.sale = cls.deliver(cls.phones)

    def trace(self, user, records):
        model = self.env["serial.trace"].with_user(user)
        return model.get_trace(records._name, records.ids)

    def fetch(self, user, **params):
        if user:
            self.authenticate(user.login, user.login)
        values = {"model": "stock.lot", "ids": self.phones.ids[0], "file_format": "csv"}
        query = "&".join(f"{key}={value}" for key, value in (values | params).items())
        return self.url_open(f"{_URL}?{query}", allow_redirects=False)

    def test_every_role_may_trace(self):
        for role in ("operator", "quality_manager", "auditor", "service"):
            result = self.trace(getattr(self, role), self.phones)
            self.assertEqual(result["row_count"], 4, role)

    def test_users_without_a_role_may_not(self):
        for user in (self.stock_user, self.portal):
            for records in (self.phones, self.sale):
                with self.assertRaises(AccessError):
                    self.trace(user, records)

    def test_an_operator_may_open_the_documents(self):
        result = self.trace(self.operator, self.sale)
        opened = {
            (node["res_model"], node["res_id"])
            for node in result["nodes"]
            if node["kind"] == "document"
        }
        self.assertIn(("stock.picking", self.sale.id), opened)

    def test_the_export_is_refused_without_a_role(self):
        for user in (self.stock_user, self.portal):
            with self.subTest(user=user.login):
                self.assertEqual(self.fetch(user).status_code, 403)

    def test_the_export_asks_a_stranger_to_log_in(self):
        self.authenticate(None, None)
        response = self.fetch(None)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_the_export_of_nothing_or_rubbish_is_refused(self):
        self.assertEqual(self.fetch(self.auditor, ids="1;2").status_code, 400)
        self.assertEqual(self.fetch(self.auditor, ids="0").status_code, 422)
        self.assertEqual(self.fetch(self.auditor, file_format="exe").status_code, 400)
        self.assertEqual(self.fetch(self.auditor, model="res.users").status_code, 422)


@tagged("post_install", "-at_install")
class TestTraceCompanies(SerialCase):
    """Nothing of a company shows to who does not work in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere Ltd"})
        cls.other_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.other_company.id)], limit=1
        )
        cls.shared = cls.receive(cls.phone, ["S1"])
        cls.shared.company_id = False
        cls.sale = cls.deliver(cls.shared)
        cls.foreign_sale = cls.resell_elsewhere()

    @classmethod
    def resell_elsewhere(cls):
        """Let the other company buy the phone back and sell it on."""
        cls.operator.company_ids = [Command.link(cls.other_company.id)]
        env = cls.env(
            user=cls.operator,
            context={"allowed_company_ids": [cls.other_company.id]},
        )
        warehouse = cls.other_warehouse
        lot = cls.shared.with_env(env)
        ends = [
            (warehouse.in_type_id, cls.customer_location, warehouse.lot_stock_id),
            (warehouse.out_type_id, warehouse.lot_stock_id, cls.customer_location),
        ]
        for operation, source, destination in ends:
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": operation.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "partner_id": cls.supplier.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": lot.product_id.id,
                                "product_uom_qty": 1,
                                "location_id": source.id,
                                "location_dest_id": destination.id,
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.move_ids.move_line_ids.unlink()
            picking.move_ids.move_line_ids = [
                Command.create(
                    {
                        "product_id": lot.product_id.id,
                        "lot_id": lot.id,
                        "quantity": 1,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "picking_id": picking.id,
                    }
                )
            ]
            cls.validate(picking)
        cls.operator.company_ids = [Command.unlink(cls.other_company.id)]
        return picking.with_env(cls.env)

    def texts(self, result):
        return str(result)

    def test_a_shared_serial_shows_ones_own_company_only(self):
        result = (
            self.env["serial.trace"]
            .with_user(self.auditor)
            .get_trace("stock.lot", self.shared.ids)
        )
        self.assertEqual(result["row_count"], 2)
        self.assertNotIn(self.foreign_sale.name, self.texts(result))
        self.assertNotIn(self.other_warehouse.code + "/", self.texts(result))

    def test_who_works_in_both_sees_both(self):
        self.auditor.company_ids = [Command.link(self.other_company.id)]
        env = self.env["serial.trace"].with_user(self.auditor)
        both = [self.company.id, self.other_company.id]
        result = env.with_context(allowed_company_ids=both).get_trace(
            "stock.lot", self.shared.ids
        )
        self.assertEqual(result["row_count"], 4)
        self.assertIn(self.foreign_sale.name, self.texts(result))

    def test_a_foreign_delivery_is_refused(self):
        model = self.env["serial.trace"]
        for user in (self.operator, self.auditor):
            with self.assertRaises(AccessError):
                model.with_user(user).get_trace("stock.picking", self.foreign_sale.id)

    def test_a_foreign_serial_is_refused(self):
        foreign = self.env["stock.lot"].create(
            {
                "name": "F1",
                "product_id": self.phone.id,
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaises(AccessError):
            self.env["serial.trace"].with_user(self.auditor).get_trace(
                "stock.lot", foreign.ids
            )

    def test_a_company_one_does_not_belong_to_cannot_be_asked_for(self):
        model = self.env["serial.trace"].with_user(self.auditor)
        with self.assertRaises(AccessError):
            model.with_context(allowed_company_ids=[self.other_company.id]).get_trace(
                "stock.lot", self.shared.ids
            )
