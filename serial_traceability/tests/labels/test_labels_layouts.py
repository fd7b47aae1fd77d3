from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ...core.label import STANDARD_LAYOUTS
from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelLayouts(LabelCase):
    def test_the_standard_sizes_come_with_the_addon(self):
        for key, layout in STANDARD_LAYOUTS.items():
            with self.subTest(key=key):
                self.assertEqual(self.layout(key)._get_core_layout(), layout)

    def test_every_layout_shows_what_it_looks_like(self):
        for layout in self.env["serial.label.layout"].search([]):
            with self.subTest(layout=layout.name):
                self.assertFalse(layout.preview_fault)
                self.assertTrue(layout.preview.startswith("data:image/svg+xml;base64,"))

    def test_the_preview_follows_what_is_entered(self):
        with Form(self.layout("roll_50x25")) as form:
            before = form.preview
            form.show_title = False
            self.assertNotEqual(form.preview, before)
            form.width, form.height = 10, 10
            self.assertFalse(form.preview)
            self.assertIn("The label has no room for its symbol", form.preview_fault)
            form.width, form.height = 50, 25

    def test_a_label_that_no_printer_has_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at least 10 x 8 mm"):
            self.layout("roll_50x25").width = 5

    def test_a_grid_that_runs_over_the_page_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "run over the page"):
            self.layout("a4_21").columns = 4
        with self.assertRaisesRegex(ValidationError, "run over the page"):
            self.layout("a4_21").rows = 0

    def test_a_web_address_that_cannot_begin_a_link_is_refused(self):
        for address in ("example.com", "https://id.example.com/?a=1", "javascript:x"):
            with (
                self.subTest(address=address),
                self.assertRaisesRegex(ValidationError, "cannot begin a Digital Link"),
            ):
                self.layout("roll_57x32").link_domain = address

    def test_a_report_of_ones_own_prints_what_the_layout_is_for(self):
        report = self.env.ref("serial_traceability.action_report_serial_label")
        self.layout("roll_57x32").report_id = report
        with self.assertRaisesRegex(ValidationError, "does not print what the layout"):
            self.layout("pallet_a6").report_id = report

    def test_administrators_alone_change_layouts(self):
        layout = self.layout("a4_21")
        layout.with_user(self.administrator).margin = 2
        for user in (self.operator, self.quality_manager, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                layout.with_user(user).margin = 3

    def test_layouts_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        layout = self.layout("a4_21").copy({"name": "Theirs", "company_id": other.id})
        layouts = self.env["serial.label.layout"].with_user(self.operator)
        self.assertFalse(layouts.search([("id", "=", layout.id)]))
