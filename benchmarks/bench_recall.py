"""What a recall of 100,000 units takes, in a database with as many others.

A third of the units is with customers, a tenth is reserved for open transfers, the rest
is on the shelf. Measured: the live preview by place, the median of five; and holding
all of them in one transaction, impact, broken reservations and ledger included, as the
job does. ``BENCH_RECALLED`` sets how many units.
"""

import os
import statistics
import time

from databases import configure, database, environment, result
from past import make_done, make_lines, make_lots, make_product

_UNITS = int(os.environ.get("BENCH_RECALLED", "100000"))
_DELIVERIES = 100
_TRANSFERS = 10
_PREVIEW_BUDGET = 3.0
_LOCK_BUDGET = 20.0


def main():
    """Measure, and print the results."""
    configure()
    with database("recall", with_addon=True) as name:
        with environment(name) as env:
            recall_id = prepare(env)
        with environment(name) as env:
            recall = env["serial.recall"].browse(recall_id)
            impact = env["serial.recall.impact"]
            seconds = [measure(impact._count_places, recall) for _turn in range(5)]
            counts = impact._count_places(recall)
            assert counts["total"] == _UNITS, counts
            print({place: count for place, count in counts.items() if count})
        report(
            f"preview of {_UNITS} units, s", statistics.median(seconds), _PREVIEW_BUDGET
        )
        with environment(name) as env:
            recall = env["serial.recall"].browse(recall_id)
            recall.action_stop_ship()
            env.cr.commit()
            assert not recall.locked_time
            seconds = measure(env["serial.recall.locker"]._hold_rest, recall)
            assert len(recall.hold_ids) == len(recall.unit_ids) == _UNITS
            assert recall.locked_time
        report(f"holding {_UNITS} units, s", seconds, _LOCK_BUDGET)


def measure(function, *args):
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    function(*args)
    return time.perf_counter() - began


def report(name, seconds, budget):
    """Print one line of the table."""
    result(name, f"{seconds:.1f}", f"<= {budget:.0f}", seconds <= budget)


def prepare(env):
    """Make units and where they are; return the id of a draft about them."""
    product = make_product(env)
    warehouse = env["stock.warehouse"].search([], limit=1)
    shelf = warehouse.lot_stock_id
    customers = env.ref("stock.stock_location_customers")
    make_lots(env, product, "OTHER", _UNITS)
    lots = make_lots(env, product, "SN", _UNITS)
    suppliers = env.ref("stock.stock_location_suppliers")
    make_done(env, product, lots, warehouse.in_type_id, suppliers, shelf)
    third, tenth = _UNITS // 3, _UNITS // 10
    for part in split(lots[:third], _DELIVERIES):
        make_done(env, product, part, warehouse.out_type_id, shelf, customers)
    put(env, product, lots[third:], shelf)
    for part in split(lots[third : third + tenth], _TRANSFERS):
        reserve(env, product, part, warehouse.out_type_id, shelf, customers)
    env.flush_all()
    env.cr.execute("ANALYZE")
    recall = env["serial.recall"].create(
        {
            "title": "Overheats",
            "scope_ids": [
                (0, 0, {"serial_from": "SN000001", "serial_to": "SN999999"}),
            ],
        }
    )
    return recall.id


def split(items, parts):
    """Return a list in so many parts of about the same size."""
    size = max(1, -(-len(items) // parts))
    return [items[start : start + size] for start in range(0, len(items), size)]


def put(env, product, lots, shelf):
    """Let serials stand on a shelf."""
    env.cr.execute(
        "INSERT INTO stock_quant (product_id, lot_id, location_id, company_id, "
        "quantity, reserved_quantity, in_date) SELECT %s, lot, %s, %s, 1, 0, now() "
        "FROM unnest(%s) lot",
        [product.id, shelf.id, shelf.company_id.id, lots],
    )
    env.cr.execute(
        "UPDATE stock_lot SET location_id = %s WHERE id = ANY(%s)", [shelf.id, lots]
    )


def reserve(env, product, lots, operation, shelf, customers):
    """Reserve serials for one open transfer."""
    ends = {"location_id": shelf.id, "location_dest_id": customers.id}
    move = {"product_id": product.id, "product_uom_qty": len(lots)} | ends
    picking = env["stock.picking"].create(
        {"picking_type_id": operation.id, "move_ids": [(0, 0, move)], **ends}
    )
    picking.move_ids.state = "confirmed"
    env.flush_all()
    lines = make_lines(env, picking.move_ids.ids * len(lots), lots)
    env.cr.execute(
        "UPDATE stock_move_line SET state = 'assigned', picked = FALSE "
        "WHERE id = ANY(%s)",
        [lines],
    )
    env.cr.execute(
        "UPDATE stock_move SET state = 'assigned', quantity = %s WHERE id = %s",
        [len(lots), picking.move_ids.id],
    )
    env.cr.execute(
        "UPDATE stock_quant SET reserved_quantity = 1 WHERE lot_id = ANY(%s)", [lots]
    )
    env.invalidate_all()


if __name__ == "__main__":
    main()
