from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """Runs the hoot suites of our installed addons, and of no others."""

    @no_retry
    def test_hoot(self):
        filters = "".join(f"&id={self._suite_id(name)}" for name in self._addons())
        self.assertTrue(filters, "an empty selection would run every suite of Odoo")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{filters}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )

    def _addons(self):
        """Return the installed addons that have suites: an unknown id runs all."""
        domain = [
            ("state", "=", "installed"),
            ("name", "=like", "serial_traceability%"),
        ]
        names = self.env["ir.module.module"].search(domain).mapped("name")
        return [name for name in names if self._has_suites(name)]

    @staticmethod
    def _has_suites(name):
        folder = Path(Manifest.for_addon(name).path) / "static" / "tests"
        return any(folder.rglob("*.test.js"))

    @staticmethod
    def _suite_id(name):
        return test_js.HOOTCommon._generate_hash(None, f"@{name}")
