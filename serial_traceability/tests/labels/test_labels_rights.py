import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelRights(LabelCase):
    def setUp(self):
        super().setUp()
        self.phones = self.receive(self.phone, ["A1"])

    def test_operators_and_quality_managers_print(self):
        self.print(self.phones, user=self.operator)
        self.print(self.phones, user=self.quality_manager, reason="Torn")

    def test_others_do_not_print(self):
        for user in (self.auditor, self.service, self.stock_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.print(self.phones, user=user)
        self.assertFalse(self.events(self.phones, biz_step="encoding"))

    def test_the_method_itself_asks_for_the_role(self):
        wizard = self.wizard(self.phones)
        for user in (self.auditor, self.stock_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                wizard.with_user(user).sudo().with_user(user).action_print()

    def test_a_wizard_is_its_creators_alone(self):
        wizard = self.print(self.phones)
        with self.assertRaises(AccessError):
            wizard.with_user(self.quality_manager).read(["data"])

    def test_nobody_writes_the_list_of_printed_labels(self):
        self.print(self.phones)
        rows = self.env["serial.label.print"].search([])
        for user in (self.operator, self.administrator):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    rows.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    rows.with_user(user).create({"name": "A1"})

    def test_labels_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.print(self.phones)
        stranger = new_test_user(
            self.env,
            login="serial_label_stranger",
            groups="serial_traceability.group_serial_operator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        rows = self.env["serial.label.print"].with_user(stranger)
        self.assertFalse(rows.search([]))
        self.phones.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            self.print(self.phones, user=stranger)


@tagged("post_install", "-at_install")
class TestLabelRightsOverHttp(HttpCase):
    def test_json_2_asks_for_the_role(self):
        key = {}
        for login, groups in (
            ("serial_label_auditor", "serial_traceability.group_serial_auditor"),
            ("serial_label_portal", "base.group_portal"),
        ):
            user = new_test_user(self.env, login=login, groups=groups)
            key[login] = (
                self.env["res.users.apikeys"]
                .with_user(user)
                .sudo()
                ._generate("rpc", "labels", False)
            )
        for login, secret in key.items():
            with self.subTest(login=login):
                response = self.url_open(
                    "/json/2/serial.label.wizard/create",
                    data=json.dumps({"vals_list": [{}]}),
                    headers={
                        "Authorization": f"bearer {secret}",
                        "Content-Type": "application/json",
                    },
                )
                self.assertEqual(response.status_code, 403, response.text)


@tagged("post_install", "-at_install")
class TestLabelDownload(LabelCase, HttpCase):
    def test_the_file_is_downloaded_by_who_printed_it_alone(self):
        phones = self.receive(self.phone, ["A1", "A2"])
        wizard = self.wizard(phones)
        url = wizard.action_print()["params"]["url"]
        self.authenticate(self.operator.login, self.operator.login)
        response = self.url_open(url)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("2 labels.pdf", response.headers["Content-Disposition"])
        self.assertTrue(response.content.startswith(b"%PDF-"))
        for user in (self.auditor, self.quality_manager):
            with self.subTest(user=user.login):
                self.authenticate(user.login, user.login)
                self.assertIn(self.url_open(url).status_code, (403, 404))

    def test_operators_print_over_json_2(self):
        phones = self.receive(self.phone, ["A1"])
        keys = self.env["res.users.apikeys"].with_user(self.operator).sudo()
        secret = keys._generate("rpc", "labels", False)

        def call(method, **values):
            return self.url_open(
                f"/json/2/serial.label.wizard/{method}",
                data=json.dumps(values),
                headers={
                    "Authorization": f"bearer {secret}",
                    "Content-Type": "application/json",
                },
            ).json()

        layout = self.layout("roll_50x25")
        (wizard_id,) = call(
            "create",
            vals_list=[
                {
                    "lot_ids": phones.ids,
                    "layout_id": layout.id,
                    "medium": "zpl",
                }
            ],
        )
        call("action_print", ids=[wizard_id])
        wizard = self.env["serial.label.wizard"].browse(wizard_id)
        self.assertIn(b"21A1^FS", self.content(wizard))
        self.assertEqual(len(self.events(phones, biz_step="encoding")), 1)
