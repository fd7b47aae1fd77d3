"""GS1 company prefixes become records; the column of the company goes."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Make a record of each company's prefix, then drop the column."""
    if not column_exists(cr, "res_company", "gs1_company_prefix"):
        return
    cr.execute(
        "SELECT id, gs1_company_prefix FROM res_company "
        "WHERE gs1_company_prefix <> '' ORDER BY id"
    )
    rows = cr.fetchall()
    env = api.Environment(cr, SUPERUSER_ID, {})
    prefixes = env["serial.company.prefix"]
    entered = set(prefixes.with_context(active_test=False).search([]).mapped("name"))
    # Companies could share one; GS1 licensed it to one of them, and the others still
    # see their EPCs.
    values = {}
    for company_id, name in rows:
        if name not in entered:
            values.setdefault(name, {"name": name, "company_id": company_id})
    prefixes.create(list(values.values()))
    cr.execute("ALTER TABLE res_company DROP COLUMN gs1_company_prefix")
