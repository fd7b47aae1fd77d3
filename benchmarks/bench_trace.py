"""How long it takes to trace a delivery both ways, against core's own report.

5,000 serials came by three receipts, were put away and left by one delivery, in a
database whose ledger tells of as many serials again, five times over. Serials and
stock move lines are made by SQL, the ledger by the code that writes it. The median of
five runs counts, each with an empty cache. ``BENCH_SERIALS`` sets how many serials.
"""

import os
import statistics
import time

from databases import configure, database, environment, result
from past import make_done, make_lots, make_product

_SERIALS = int(os.environ.get("BENCH_SERIALS", "5000"))
_OTHERS = 5
_RUNS = 5
_BUDGET = 1.0


def prepare(env):
    """Make history; return the id of the delivery."""
    product = make_product(env)
    for number in range(_OTHERS):
        _live(env, product, f"O{number}-")
    return _live(env, product, "T").id


def _live(env, product, prefix):
    """Receive serials by three receipts, put them away and deliver them at once."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    supplier = env.ref("stock.stock_location_suppliers")
    customer = env.ref("stock.stock_location_customers")
    stock = warehouse.lot_stock_id
    shelf = env["stock.location"].create({"name": prefix, "location_id": stock.id})
    lots = make_lots(env, product, prefix, _SERIALS)
    third = len(lots) // 3
    for part in (lots[:third], lots[third : 2 * third], lots[2 * third :]):
        _move(env, product, part, warehouse.in_type_id, supplier, stock)
        _move(env, product, part, warehouse.int_type_id, stock, shelf)
    return _move(env, product, lots, warehouse.out_type_id, shelf, customer)


def _move(env, *what):
    """Return a done transfer of serials, told on the ledger."""
    picking, line_ids = make_done(env, *what)
    env["serial.movement"]._record(line_ids)
    return picking


def trace(name, picking_id):
    """Trace the delivery both ways with an empty cache.

    :return: seconds by the clock, and those of them that Python worked.
    """
    with environment(name) as env:
        reader = env["serial.trace"].with_user(env.ref("base.user_admin"))
        start, worked = time.perf_counter(), time.process_time()
        found = reader.get_trace("stock.picking", picking_id)
        seconds = time.perf_counter() - start, time.process_time() - worked
    assert found["row_count"] == 3 * _SERIALS, found["row_count"]
    assert found["totals"]["documents"] == 7, found["totals"]
    return seconds


def trace_by_core(name, picking_id):
    """Let core's own report list the delivery; return the seconds."""
    with environment(name) as env:
        context = {"active_id": picking_id, "model": "stock.picking"}
        start = time.perf_counter()
        lines = env["stock.traceability.report"].get_main_lines(context)
        seconds = time.perf_counter() - start
    assert len(lines) == _SERIALS, len(lines)
    return seconds


def main():
    """Measure both and print our median and the ratio."""
    configure()
    with database("trace", with_addon=True) as name:
        with environment(name) as env:
            picking_id = prepare(env)
            env.cr.commit()
            env.cr.execute("SELECT count(*) FROM serial_event_line")
            print(f"ledger of {env.cr.fetchone()[0]} lines", flush=True)
            env.cr.execute("ANALYZE")
            env.cr.commit()
        times = [trace(name, picking_id) for _run in range(_RUNS)]
        ours, worked = map(statistics.median, zip(*times, strict=True))
        theirs = trace_by_core(name, picking_id)
    print(f"core's report, with our index: {theirs:.1f} s", flush=True)
    print(f"our trace: {ours:.2f} s, of which in Python {worked:.2f} s", flush=True)
    result(
        f"trace of a delivery of {_SERIALS} serials, both ways",
        f"{ours:.2f} s",
        f"<= {_BUDGET:.2f} s",
        ours <= _BUDGET,
    )


if __name__ == "__main__":
    main()
