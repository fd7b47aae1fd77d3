import json

from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestIssueOverHttp(HttpCase):
    """Programs issue numbers by JSON-2, with the rights of their user."""

    def setUp(self):
        super().setUp()
        scheme = self.env["serial.scheme"].create(
            {"name": "Counting", "kind": "sequential", "prefix": "J", "length": 3}
        )
        policy = self.env["serial.policy"].create(
            {"name": "Ours", "scheme_id": scheme.id}
        )
        self.product = self.env["product.product"].create(
            {
                "name": "Phone",
                "is_storable": True,
                "tracking": "serial",
                "barcode": "09520001100017",
                "serial_policy_id": policy.id,
            }
        )

    def call(self, group, method, **values):
        user = new_test_user(
            self.env, login=f"json_{method}_{group.rpartition('.')[2]}", groups=group
        )
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return self.url_open(
            f"/json/2/serial.issue/{method}",
            data=json.dumps(values),
            headers={
                "Authorization": f"bearer {keys._generate('rpc', 'issue', False)}",
                "Content-Type": "application/json",
            },
        )

    def test_an_operator_issues(self):
        response = self.call(
            "serial_traceability.group_serial_operator",
            "issue",
            product_id=self.product.id,
            quantity=2,
        )
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(
            (answer["state"], answer["numbers"]), ("done", ["J001", "J002"])
        )

    def test_others_are_refused(self):
        for group in (
            "serial_traceability.group_serial_auditor",
            "stock.group_stock_user",
            "base.group_portal",
        ):
            with self.subTest(group=group):
                response = self.call(
                    group, "issue", product_id=self.product.id, quantity=2
                )
                self.assertEqual(response.status_code, 403, response.text)
        self.assertFalse(
            self.env["serial.number"].search([("product_id", "=", self.product.id)])
        )

    def test_the_work_itself_cannot_be_called(self):
        response = self.call(
            "serial_traceability.group_serial_operator", "_issue_next", ids=[1]
        )
        self.assertIn(response.status_code, (403, 404), response.text)
