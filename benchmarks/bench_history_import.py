"""Measure the import of a database's past: rate, memory, and what installing costs.

The past is made by SQL in a database of its own, before the addon is installed there:
receipts of 500 serials, deliveries of 50, and inventory counts that have no transfer.

    dev/python benchmarks/bench_history_import.py
    BENCH_LINES=1000000 dev/python benchmarks/bench_history_import.py
"""

import os
import resource
import subprocess
import time
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

ROOT = Path(__file__).resolve().parent.parent
DATABASE = f"bench_history_{os.getpid()}"
LINES = int(os.environ.get("BENCH_LINES", "100000"))

RATE_BUDGET = 3000
INSTALL_BUDGET = 15
GROWTH_BUDGET = 64

#: Parameters: number of serials. Each is received, every second is shipped, every
#: fourth is counted: lines = serials * 1.75.
PAST = """
CREATE TEMP TABLE ref AS SELECT
    (SELECT id FROM res_company ORDER BY id LIMIT 1) AS company,
    (SELECT id FROM uom_uom ORDER BY id LIMIT 1) AS uom,
    (SELECT id FROM stock_location WHERE usage = 'supplier' LIMIT 1) AS supplier,
    (SELECT id FROM stock_location WHERE usage = 'customer' LIMIT 1) AS customer,
    (SELECT id FROM stock_location WHERE usage = 'inventory' LIMIT 1) AS loss,
    (SELECT lot_stock_id FROM stock_warehouse ORDER BY id LIMIT 1) AS stock,
    (SELECT in_type_id FROM stock_warehouse ORDER BY id LIMIT 1) AS incoming,
    (SELECT out_type_id FROM stock_warehouse ORDER BY id LIMIT 1) AS outgoing,
    %(product)s AS product,
    (SELECT COALESCE(max(id), 0) FROM stock_lot) AS lot,
    (SELECT COALESCE(max(id), 0) FROM stock_picking) AS picking,
    (SELECT COALESCE(max(id), 0) FROM stock_move) AS move;

CREATE TEMP TABLE step AS
    SELECT 1 AS kind, n, (n - 1) / 500 AS document
    FROM generate_series(1, %(serials)s) n
    UNION ALL
    SELECT 2, n, (n / 2 - 1) / 50 FROM generate_series(2, %(serials)s, 2) n
    UNION ALL
    SELECT 3, n, n / 4 - 1 FROM generate_series(4, %(serials)s, 4) n;

INSERT INTO stock_lot (id, name, product_id, create_date)
    SELECT lot + n, 'PAST-' || n, product, now()
    FROM ref, generate_series(1, %(serials)s) n;

CREATE TEMP TABLE document AS
    SELECT kind, document, row_number() OVER (ORDER BY kind, document) AS number,
        count(*) AS lines,
        timestamp '2020-01-01' + (kind * 300 + document / 10) * interval '1 hour'
            AS moved
    FROM step GROUP BY kind, document;

INSERT INTO stock_picking (id, name, picking_type_id, location_id, location_dest_id,
        move_type, state, company_id, date_done)
    SELECT picking + number, 'PAST/' || number,
        CASE kind WHEN 1 THEN incoming ELSE outgoing END,
        CASE kind WHEN 1 THEN supplier ELSE stock END,
        CASE kind WHEN 1 THEN stock ELSE customer END,
        'direct', 'done', company, moved
    FROM ref, document WHERE kind < 3;

INSERT INTO stock_move (id, picking_id, picking_type_id, company_id, date, product_id,
        product_uom, product_uom_qty, quantity, location_id, location_dest_id,
        procure_method, state, is_inventory, reference)
    SELECT move + number, CASE WHEN kind < 3 THEN picking + number END,
        CASE kind WHEN 1 THEN incoming WHEN 2 THEN outgoing END,
        company, moved, product, uom, lines, lines,
        CASE kind WHEN 1 THEN supplier WHEN 2 THEN stock ELSE loss END,
        CASE kind WHEN 2 THEN customer ELSE stock END,
        'make_to_stock', 'done', kind = 3, 'PAST/' || number
    FROM ref, document;

INSERT INTO stock_move_line (picking_id, move_id, company_id, product_id,
        product_uom_id, quantity, quantity_product_uom, lot_id, lot_name, location_id,
        location_dest_id, date, state, picked)
    SELECT CASE WHEN kind < 3 THEN picking + number END, move + number, company,
        product, uom, 1, 1, lot + n, 'PAST-' || n,
        CASE kind WHEN 1 THEN supplier WHEN 2 THEN stock ELSE loss END,
        CASE kind WHEN 2 THEN customer ELSE stock END, moved, 'done', TRUE
    FROM ref, step JOIN document USING (kind, document) ORDER BY number, n;

SELECT setval('stock_lot_id_seq', (SELECT max(id) FROM stock_lot)),
    setval('stock_picking_id_seq', (SELECT max(id) FROM stock_picking)),
    setval('stock_move_id_seq', (SELECT max(id) FROM stock_move));
"""


def main():
    """Make the past, install the addon beside it, import it, print the promises."""
    config.parse_config(["--no-http", "--max-cron-threads=0", "--log-level=warn"])
    run("database", "new", DATABASE)
    try:
        bare = install()
        run("database", "new", DATABASE)
        make_past()
        measure(install() - bare)
    finally:
        odoo.sql_db.close_db(DATABASE)
        run("database", "drop", DATABASE)


def run(*words):
    """Run one of the project's commands."""
    subprocess.run([ROOT / "dev" / words[0], *words[1:]], check=True, cwd=ROOT)


def install():
    """Return the seconds that installing the addon takes."""
    began = time.monotonic()
    options = ("--stop-after-init", "--no-http", "--log-level=warn")
    run("odoo", "-d", DATABASE, "-i", "serial_traceability", *options)
    return time.monotonic() - began


def make_past():
    """Fill the database with done transfers and counts of one product."""
    with Registry(DATABASE).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        product = env["product.product"].create(
            {
                "name": "Past phone",
                "is_storable": True,
                "tracking": "serial",
                "barcode": "09520001100017",
            }
        )
        env.flush_all()
        cr.execute(PAST, {"serials": int(LINES / 1.75), "product": product.id})
        cr.commit()
        cr._cnx.autocommit = True
        cr.execute("ANALYZE")
        cr._cnx.autocommit = False
    Registry.delete(DATABASE)
    odoo.sql_db.close_db(DATABASE)


def measure(install_seconds):
    """Import the past as the scheduled action does, and print the results."""
    with Registry(DATABASE).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        job = env["serial.history.import"]._get_job()
        job.action_start()
        cr.commit()
        for _ in range(4):
            job._try_batch()
            cr.commit()
        early = peak()
        job._cron_import()
        progress = job._get_progress()
    late = peak()
    assert progress["state"] == "done", progress
    lines = progress["done"]
    report(f"import of the past, lines/s of {lines}", progress["rate"], RATE_BUDGET, 1)
    report("import of the past, MB more at its end", late - early, GROWTH_BUDGET, -1)
    report(
        f"installing with {lines} past lines, s more",
        install_seconds,
        INSTALL_BUDGET,
        -1,
    )
    print(f"peak memory of the importing process: {late:.0f} MB")


def peak():
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name, value, budget, better):
    """Print a promise; ``better`` is 1 where more is better, -1 where less is."""
    verdict = "ok" if (value - budget) * better >= 0 else "over"
    bound = "≥" if better > 0 else "≤"
    print(f"RESULT\t{name}\t{value:.0f}\t{bound} {budget}\t{verdict}", flush=True)


if __name__ == "__main__":
    main()
