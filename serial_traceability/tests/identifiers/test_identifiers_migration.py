import importlib.util

from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import IdentifierCase


@tagged("post_install", "-at_install")
class TestIdentifiersMigration(IdentifierCase):
    """The prefix that a company had as a text becomes a record."""

    def migrate(self):
        path = get_module_path("serial_traceability")
        spec = importlib.util.spec_from_file_location(
            "migration", f"{path}/migrations/19.0.1.1.0/post-migration.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_each_prefix_becomes_a_record_of_its_company(self):
        third = self.env["res.company"].create({"name": "Third Ltd"})
        self.cable.barcode = "4012345000009"
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_company ADD gs1_company_prefix varchar")
        self.env.cr.execute(
            "UPDATE res_company SET gs1_company_prefix = CASE id "
            "WHEN %s THEN '9520009' WHEN %s THEN '4012345' WHEN %s THEN '4012345' END",
            [self.company.id, self.other_company.id, third.id],
        )
        self.migrate()
        self.assertEqual(self.company.gs1_company_prefix, "9520009")
        self.assertEqual(self.other_company.gs1_company_prefix, "4012345")
        self.assertFalse(third.gs1_company_prefix)
        self.assertEqual(self.row("04012345000009").product_id, self.cable)
        self.migrate()
        self.assertEqual(len(self.other_company.gs1_prefix_ids), 1)
