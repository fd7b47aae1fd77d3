import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import SerialCase

REPORT = "serial_traceability.report_serial_history"


@tagged("post_install", "-at_install")
class TestSeeingReport(SerialCase, HttpCase):
    """The printable history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["R-1"])
        cls.first_receipt = cls.receipt
        cls.deliver(cls.lot)

    def render(self, user, lots=None):
        report = self.env["ir.actions.report"].with_user(user)
        return report._render_qweb_html(REPORT, (lots or self.lot).ids)[0].decode()

    def test_page_says_who_what_and_every_event(self):
        html = self.render(self.auditor)
        for text in (
            "R-1",
            "09520001100017",
            "Shipped to Buyer Inc",
            "Received from Maker Ltd",
            self.first_receipt.name,
            self.auditor.name,
        ):
            self.assertIn(text, html)
        for event in self.events(self.lot):
            self.assertIn(event.record_hash[:12], html)
            self.assertNotIn(event.record_hash, html)

    def test_lot_and_serial_without_history_are_printed_too(self):
        cable = self.receive(self.cable, ["R-C"], quantity=2)
        fresh = self.env["stock.lot"].create(
            {"name": "R-NEW", "product_id": self.phone.id}
        )
        html = self.render(self.service, cable | fresh)
        self.assertIn("Quantity: 2 Units", html)
        self.assertIn("Nothing is recorded yet", html)

    def test_several_serials_are_one_document_that_any_wkhtmltopdf_prints(self):
        other = self.receive(self.phone, ["R-2"])
        html = self.render(self.auditor, self.lot | other)
        self.assertEqual(len(re.findall(r'class="article[ "]', html)), 1)
        self.assertEqual(html.count("page-break-before: always"), 1)
        self.assertIn("History of <span>R-1", html)
        self.assertIn("History of <span>R-2", html)

    def test_printing_is_for_readers(self):
        portal = new_test_user(self.env, "report_portal", "base.group_portal")
        for user in (self.stock_user, portal):
            with self.assertRaises(AccessError, msg=user.login):
                self.render(user)
            with self.assertRaises(AccessError, msg=user.login):
                self.lot.with_user(user).action_open_history()

    def test_other_company_s_events_are_not_printed(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "report_stranger",
            "serial_traceability.group_serial_auditor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        html = self.render(stranger)
        self.assertIn("R-1", html)
        self.assertNotIn("Buyer Inc", html)
        self.assertNotIn("Maker Ltd", html)
        self.assertIn("Nothing is recorded yet", html)

    def test_button_opens_the_page(self):
        url = self.lot.with_user(self.auditor).action_open_history()["url"]
        self.authenticate(self.auditor.login, self.auditor.login)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Shipped to Buyer Inc", response.text)

    def test_page_is_refused_to_a_stock_user_who_knows_the_address(self):
        url = self.lot.with_user(self.auditor).action_open_history()["url"]
        self.authenticate(self.stock_user.login, self.stock_user.login)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(url)
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("Buyer Inc", response.text)
