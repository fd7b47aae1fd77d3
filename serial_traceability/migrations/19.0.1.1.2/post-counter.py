"""Counts are told apart by their series, and GTINs with numbers are kept."""

from odoo import SUPERUSER_ID, api

from odoo.addons.serial_traceability.core.identity import gtin_14


def migrate(cr, version):
    """Give each count its series, and each numbered product its GTIN for ever."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _sort_counters(env)
    _keep_gtins(env)


def _sort_counters(env):
    counters = env["serial.counter"]
    for counter in counters.search([("series", "=", False)], order="id"):
        scheme = counter.scheme_id
        # What was drawn was always counted by product: the rest counted up, also of a
        # scheme that draws by now.
        if scheme.kind == "sequential" or not counter.product_id:
            counter.series = f"{scheme.start}+{scheme.step}"
            continue
        key = scheme._get_counter_key(
            counter.product_id, counter.batch_id, counter.company_id
        )
        # What several schemes drew was counted apart, and is counted together now.
        taken = counter._get_taken()
        counter.unlink()
        counters._find(key).taken += taken
        env.flush_all()


def _keep_gtins(env):
    issued = env["serial.issue"].search([("done_count", ">", 0)])
    for product in issued.product_id.filtered("barcode"):
        gtin = gtin_14(product.barcode)
        if gtin:
            env.cr.execute(
                "INSERT INTO serial_numbered_gtin (name, product_id) VALUES (%s, %s) "
                "ON CONFLICT DO NOTHING",
                (gtin, product.id),
            )
