"""How long it takes to open the history of a serial with 1,000 events.

The events are movements of a hundred transfers, written by the code that writes the
ledger. Measured is what the screen asks for, the newest page, with an empty cache; the
median of ten runs counts. A serial with ten events stands beside it.
"""

import statistics
import time

from databases import configure, database, environment, result
from past import make_lines, make_lots, make_product

_EVENTS = 1000
_FEW = 10
_TRANSFERS = 100
_RUNS = 10
_BUDGET = 0.30


def prepare(env, product, events):
    """Make a serial with that many events; return its id."""
    (lot_id,) = make_lots(env, product, f"T{events}-", 1)
    warehouse = env["stock.warehouse"].search([], limit=1)
    stock, dock = warehouse.lot_stock_id, warehouse.view_location_id
    ends = {"location_id": stock.id, "location_dest_id": dock.id}
    values = {"picking_type_id": warehouse.int_type_id.id, **ends}
    transfers = env["stock.picking"].create(
        [dict(values) for _transfer in range(min(events, _TRANSFERS))]
    )
    env.flush_all()
    env.cr.execute(
        "INSERT INTO stock_move (picking_id, picking_type_id, company_id, date, "
        "product_id, product_uom, product_uom_qty, quantity, location_id, "
        "location_dest_id, procure_method, state, reference) "
        "SELECT transfer.id, transfer.picking_type_id, transfer.company_id, "
        "timestamp '2026-01-01' + number * interval '1 hour', %(product)s, %(unit)s, "
        "1, 1, transfer.location_id, transfer.location_dest_id, 'make_to_stock', "
        "'done', transfer.name FROM generate_series(1, %(events)s) number "
        "JOIN stock_picking transfer "
        "ON transfer.id = (%(transfers)s)[1 + number %% array_length(%(transfers)s, 1)]"
        " RETURNING id",
        {
            "product": product.id,
            "unit": product.uom_id.id,
            "events": events,
            "transfers": transfers.ids,
        },
    )
    move_ids = [row[0] for row in env.cr.fetchall()]
    line_ids = make_lines(env, move_ids, [lot_id] * events)
    env["serial.movement"]._record(line_ids)
    return lot_id


def open_timeline(name, lot_id):
    """Read the newest page of a serial's history; return the seconds."""
    with environment(name) as env:
        lot = env["stock.lot"].with_user(env.ref("base.user_admin")).browse(lot_id)
        start = time.perf_counter()
        page = lot.get_timeline()
        seconds = time.perf_counter() - start
        assert lot.event_count in (_FEW, _EVENTS), lot.event_count
    assert page["entries"]
    return seconds


def main():
    """Measure both serials and print the median of the long history."""
    configure()
    with database("timeline", with_addon=True) as name:
        with environment(name) as env:
            product = make_product(env)
            lots = {events: prepare(env, product, events) for events in (_EVENTS, _FEW)}
            env.cr.commit()
            env.cr.execute("ANALYZE")
            env.cr.commit()
        for lot_id in lots.values():
            open_timeline(name, lot_id)
        seconds = {
            events: statistics.median(
                open_timeline(name, lot_id) for _run in range(_RUNS)
            )
            for events, lot_id in lots.items()
        }
    print(f"history of {_FEW} events: {seconds[_FEW]:.3f} s", flush=True)
    result(
        f"opening the history of a serial with {_EVENTS} events",
        f"{seconds[_EVENTS]:.2f} s",
        f"<= {_BUDGET:.2f} s",
        seconds[_EVENTS] <= _BUDGET,
    )


if __name__ == "__main__":
    main()
