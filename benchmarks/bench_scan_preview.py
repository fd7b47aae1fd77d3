"""How long it takes to preview scanned lines on a receipt.

Raw element strings with GTIN, serial, batch and expiry are pasted on a receipt, in a
database that has as many serials of the product already. One in fifty is wrong: a
check digit, a duplicate, a unit that is in stock. Measured is what the user waits for:
reading, checking and storing all lines, and what the dialog then shows of them. The
median of five runs counts, each with an empty cache. ``BENCH_LINES`` (5,000) sets how
many lines.
"""

import os
import statistics
import time

from databases import configure, database, environment, result

_LINES = int(os.environ.get("BENCH_LINES", "5000"))
_RUNS = 5
_BUDGET = 3.0
_GTIN = "09520001100017"
_GS = "\x1d"
#: Lines that a list in a dialog shows at once.
_PAGE = 40
_COLUMNS = ("number", "text", "product_id", "serial", "batch", "verdict", "message")


def prepare(env):
    """Make product, serials and a receipt of as many more; return its id."""
    product = env["product.product"].create(
        {
            "name": "Phone",
            "is_storable": True,
            "tracking": "serial",
            "barcode": _GTIN,
        }
    )
    warehouse = env["stock.warehouse"].search([], limit=1)
    _make_stock(env, product, warehouse.lot_stock_id)
    ends = {
        "location_id": env.ref("stock.stock_location_suppliers").id,
        "location_dest_id": warehouse.lot_stock_id.id,
    }
    values = {"product_id": product.id, "product_uom_qty": _LINES, **ends}
    picking = env["stock.picking"].create(
        {
            "picking_type_id": warehouse.in_type_id.id,
            "move_ids": [(0, 0, values)],
            **ends,
        }
    )
    picking.action_confirm()
    return picking.id


def _make_stock(env, product, location):
    """Make serials by SQL, with the stock that says where they are."""
    env.cr.execute(
        "WITH lots AS (INSERT INTO stock_lot (name, product_id, create_date, "
        "write_date, create_uid, write_uid) SELECT to_char(number, '\"S\"FM000000'), "
        "%(product)s, now(), now(), 1, 1 FROM generate_series(1, %(count)s) number "
        "RETURNING id) INSERT INTO stock_quant (product_id, lot_id, location_id, "
        "company_id, quantity, reserved_quantity, in_date) SELECT %(product)s, id, "
        "%(location)s, %(company)s, 1, 0, now() FROM lots",
        {
            "product": product.id,
            "count": _LINES,
            "location": location.id,
            "company": env.company.id,
        },
    )


def make_scans():
    """Return the lines as a scanner delivers them."""
    return "\n".join(map(_make_scan, range(_LINES)))


def _make_scan(number):
    serial, gtin = f"N{number:06d}", _GTIN
    if number % 150 == 50:
        gtin = "09520001100018"
    elif number % 150 == 100:
        serial = f"N{number - 1:06d}"
    elif number % 150 == 149:
        serial = f"S{number:06d}"
    return f"]d201{gtin}21{serial}{_GS}10B17A{number % 7}{_GS}17281231"


def preview(name, picking_id, scans):
    """Preview the lines with an empty cache, as the administrator.

    :return: seconds by the clock, and those of them that Python worked.
    """
    with environment(name) as env:
        picking = env["stock.picking"].with_user(env.ref("base.user_admin"))
        action = picking.browse(picking_id).action_scan_serials()
        scan_import = picking.env[action["res_model"]].browse(action["res_id"])
        start, worked = time.perf_counter(), time.process_time()
        scan_import.scan_text = scans
        scan_import.action_read()
        shown = scan_import.web_read(_specification())[0]
        seconds = time.perf_counter() - start, time.process_time() - worked
        counts = shown["ready_count"], shown["wrong_count"]
        env.cr.rollback()
    wrong = sum(number % 150 in (50, 100, 149) for number in range(_LINES))
    assert counts == (_LINES - wrong, wrong), counts
    return seconds


def _specification():
    """Return what the dialog reads of an import."""
    lines = {"fields": {column: {} for column in _COLUMNS}, "limit": _PAGE}
    fields = ("ready_count", "wrong_count", "warning_count", "summary")
    return {name: {} for name in fields} | {
        "ready_line_ids": lines,
        "wrong_line_ids": lines,
    }


def main():
    """Measure the preview and print the median."""
    configure()
    scans = make_scans()
    with database("preview", with_addon=True) as name:
        with environment(name) as env:
            picking_id = prepare(env)
            env.cr.commit()
            env.cr.execute("ANALYZE")
            env.cr.commit()
        preview(name, picking_id, scans)
        times = [preview(name, picking_id, scans) for _run in range(_RUNS)]
    seconds, worked = map(statistics.median, zip(*times, strict=True))
    print(f"preview: {seconds:.2f} s, of which in Python {worked:.2f} s", flush=True)
    result(
        f"preview of {_LINES} scanned lines",
        f"{seconds:.2f} s",
        f"<= {_BUDGET:.2f} s",
        seconds <= _BUDGET,
    )


if __name__ == "__main__":
    main()
