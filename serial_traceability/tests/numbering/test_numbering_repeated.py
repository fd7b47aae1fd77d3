from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import SerialCase
from ..json2 import Json2Mixin


class RepeatedCase(SerialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.env["serial.scheme"].create(
            {"name": "Counting", "kind": "sequential", "length": 4, "prefix": "C"}
        )
        cls.policy = cls.env["serial.policy"].create(
            {"name": "Ours", "scheme_id": cls.scheme.id}
        )
        cls.phone.product_tmpl_id.serial_policy_id = cls.policy
        cls.pack.product_tmpl_id.serial_policy_id = cls.policy
        cls.issues = cls.env["serial.issue"].with_user(cls.operator)


@tagged("post_install", "-at_install")
class TestNumberingRepeated(RepeatedCase):
    """A call that is sent again under its reference issues nothing."""

    def test_a_repeated_call_gets_the_answer_that_was_missed(self):
        first = self.issues.issue(self.phone.id, 3, reference="PO-1")
        self.assertEqual(first["numbers"], ["C0001", "C0002", "C0003"])
        self.assertEqual(self.issues.issue(self.phone.id, 3, reference="PO-1"), first)
        # The scheme was not asked for, and may have changed meanwhile.
        self.policy.scheme_id = False
        self.assertEqual(self.issues.issue(self.phone.id, 3, reference="PO-1"), first)
        other = self.issues.browse(first["issue_id"])
        self.assertEqual(other.reference, "PO-1")
        self.assertFalse(other.copy().reference)

    def test_something_else_under_the_same_reference_is_refused(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.phone.id}
        )
        self.issues.issue(self.phone.id, 3, reference="PO-1")
        for product, quantity, values in (
            (self.pack, 3, {}),
            (self.phone, 4, {}),
            (self.phone, 3, {"batch_id": batch.id}),
            (self.phone, 3, {"commission": False}),
            (self.phone, 3, {"scheme_id": self.scheme.copy().id}),
        ):
            with self.assertRaisesRegex(UserError, "Reference PO-1 stands for 3 of "):
                self.issues.issue(product.id, quantity, reference="PO-1", **values)
        self.assertEqual(len(self.issues.search([("reference", "=", "PO-1")])), 1)

    def test_without_a_reference_each_call_issues(self):
        numbers = [self.issues.issue(self.phone.id, 1)["numbers"] for _each in "12"]
        self.assertEqual(numbers, [["C0001"], ["C0002"]])

    def test_each_company_has_references_of_its_own(self):
        first = self.issues.issue(self.phone.id, 1, reference="PO-1")
        other = self.env["res.company"].create({"name": "Other"})
        self.operator.company_ids |= other
        issues = self.issues.with_company(other)
        second = issues.issue(self.phone.id, 1, reference="PO-1")
        self.assertNotEqual(first["issue_id"], second["issue_id"])
        self.assertEqual(issues.issue(self.phone.id, 1, reference="PO-1"), second)

    def test_a_run_that_goes_on_is_found_as_it_is(self):
        first = self.issues.issue(self.phone.id, 6000, reference="PO-1")
        self.assertEqual(first["state"], "running")
        self.assertEqual(
            self.issues.issue(self.phone.id, 6000, reference="PO-1"), first
        )

    def test_what_is_no_text_is_no_reference(self):
        for reference in (7, ["PO-1"], " "):
            with self.assertRaisesRegex(UserError, "is no reference"):
                self.issues.issue(self.phone.id, 1, reference=reference)

    def test_what_was_refused_may_be_asked_for_again(self):
        self.scheme.active = False
        with self.assertRaises(UserError), self.cr.savepoint():
            self.issues.issue(self.phone.id, 1, reference="PO-1")
        self.scheme.active = True
        answer = self.issues.issue(self.phone.id, 1, reference="PO-1")
        self.assertEqual(answer["state"], "done")

    def test_a_reference_changes_no_rights(self):
        self.issues.issue(self.phone.id, 1, reference="PO-1")
        for user in (self.auditor, self.stock_user):
            with self.assertRaises(AccessError):
                self.issues.with_user(user).issue(self.phone.id, 1, reference="PO-1")

    def test_a_reference_stands_once_it_was_used(self):
        run = self.issues.issue(self.phone.id, 1, reference="PO-1")["issue_id"]
        with self.assertRaisesRegex(UserError, "has begun"):
            self.issues.browse(run).reference = "PO-2"


@tagged("post_install", "-at_install")
class TestNumberingRepeatedApi(Json2Mixin, RepeatedCase, HttpCase):
    """The same over JSON-2."""

    def test_a_program_repeats_its_call(self):
        order = {"product_id": self.phone.id, "quantity": 2, "reference": "PO-1"}
        first, second = (
            self.call(self.operator, self.issues.browse(), "issue", **order).json()
            for _each in range(2)
        )
        self.assertEqual(first, second)
        self.assertEqual(first["numbers"], ["C0001", "C0002"])
        order["quantity"] = 3
        with mute_logger("odoo.http"):
            response = self.call(self.operator, self.issues.browse(), "issue", **order)
        self.assertEqual(response.status_code, 422)
        self.assertIn("stands for 2 of Phone", response.json()["message"])
