"""Whether what the ledger costs a unit stays the same from 1,000 to 10,000 serials.

Measured is what the addon does when a transfer is done, and nothing of core, whose own
time would hide it: the checks, and writing the ledger with the serials' state. Serials,
transfers and lines are made by SQL. Receipts and deliveries of both sizes take turns;
of each size the median counts. ``BENCH_FACTOR`` (10) sets how much larger is large.
"""

import os
import statistics
import time

from databases import configure, database, environment, result
from past import make_done, make_lots, make_product

_FEW = 1000
_FACTOR = int(os.environ.get("BENCH_FACTOR", "10"))
_RUNS = 5
_BUDGET = 1.25


def run(name, product_id, units, number):
    """Receive serials and deliver them; return the seconds of what is ours."""
    with environment(name) as env:
        product = env["product.product"].browse(product_id)
        warehouse = env["stock.warehouse"].search([], limit=1)
        stock = warehouse.lot_stock_id
        supplier = env.ref("stock.stock_location_suppliers")
        customer = env.ref("stock.stock_location_customers")
        lots = make_lots(env, product, f"{units}-{number}-", units)
        seconds = 0.0
        for way in (
            (warehouse.in_type_id, supplier, stock),
            (warehouse.out_type_id, stock, customer),
        ):
            _picking, line_ids = make_done(env, product, lots, *way)
            seconds += _tell(env, line_ids)
            env.cr.commit()
    return seconds


def _tell(env, line_ids):
    """Do what ``stock.move._action_done`` adds to core; return the seconds."""
    lines = env["stock.move.line"].browse(line_ids)
    # Core has just written these and has them at hand.
    lines.fetch(["lot_id", "location_id", "location_dest_id", "picked", "picking_id"])
    start = time.perf_counter()
    lines._check_issued_numbers()
    lines._check_received_once()
    lines._check_not_retired()
    lines._check_announced()
    env["serial.movement"]._record(line_ids)
    env.flush_all()
    return time.perf_counter() - start


def main():
    """Measure both sizes and print the ratio of the seconds a unit."""
    configure()
    few, many = [], []
    with database("growth", with_addon=True) as name:
        with environment(name) as env:
            product_id = make_product(env).id
        run(name, product_id, _FEW, "warm")
        for number in range(_RUNS):
            few.append(run(name, product_id, _FEW, number))
            many.append(run(name, product_id, _FEW * _FACTOR, number))
    small, large = statistics.median(few), statistics.median(many)
    print(
        f"ledger of a receipt and a delivery: {_FEW} serials {small:.2f} s, "
        f"{_FEW * _FACTOR} serials {large:.2f} s",
        flush=True,
    )
    ratio = large / _FACTOR / small
    result(
        f"cost of the ledger a unit, {_FEW * _FACTOR} serials against {_FEW}",
        f"{ratio:.2f} x",
        f"<= {_BUDGET:.2f} x",
        ratio <= _BUDGET,
    )


if __name__ == "__main__":
    main()
