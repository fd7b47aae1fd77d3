"""What the ledger costs: receive, deliver and return, against bare Odoo.

Two databases made alike, one with the addon and one without, take turns; the ratio
of each pair counts, and of the ratios the median. ``BENCH_SERIALS`` (1,000) sets how
many serials a run moves, ``BENCH_PAIRS`` (5) how many pairs are run.
"""

import os
import statistics
import time

from databases import configure, database, environment, result

_SERIALS = int(os.environ.get("BENCH_SERIALS", "1000"))
_PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))
_BUDGET = 1.10


def prepare(env):
    """Make the product that the runs move; return its id."""
    product = env["product.product"].create(
        {
            "name": "Phone",
            "is_storable": True,
            "tracking": "serial",
            "barcode": "09520001100017",
        }
    )
    return product.id


def run(name, product_id, number):
    """Receive, deliver and return serials; return the seconds of each step."""
    steps = {}
    with environment(name) as env:
        product = env["product.product"].browse(product_id)
        warehouse = env["stock.warehouse"].search([], limit=1)
        steps["receive"], _receipt = _timed(_receive, env, warehouse, product, number)
        steps["deliver"], delivery = _timed(_deliver, env, warehouse, product)
        steps["return"], _back = _timed(_give_back, env, delivery)
    return steps


def _timed(step, *arguments):
    start = time.perf_counter()
    outcome = step(*arguments)
    outcome.env.cr.commit()
    return time.perf_counter() - start, outcome


def _receive(env, warehouse, product, number):
    supplier = env.ref("stock.stock_location_suppliers")
    picking = _transfer(
        env, warehouse.in_type_id, supplier, warehouse.lot_stock_id, product
    )
    move = picking.move_ids
    move.move_line_ids.unlink()
    move.move_line_ids = [
        odoo_create(
            product_id=product.id, lot_name=f"R{number}-{unit:06d}", quantity=1,
            picking_id=picking.id,
        )
        for unit in range(_SERIALS)
    ]  # fmt: skip
    return _validate(picking)


def _deliver(env, warehouse, product):
    customer = env.ref("stock.stock_location_customers")
    picking = _transfer(
        env, warehouse.out_type_id, warehouse.lot_stock_id, customer, product
    )
    picking.action_assign()
    return _validate(picking)


def _give_back(env, delivery):
    wizard = env["stock.return.picking"].create({"picking_id": delivery.id})
    wizard.product_return_moves.quantity = _SERIALS
    back = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    back.action_assign()
    return _validate(back)


def _transfer(env, operation, source, destination, product):
    picking = env["stock.picking"].create(
        {
            "picking_type_id": operation.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "move_ids": [
                odoo_create(
                    product_id=product.id, product_uom_qty=_SERIALS,
                    location_id=source.id, location_dest_id=destination.id,
                )
            ],
        }
    )  # fmt: skip
    picking.action_confirm()
    return picking


def odoo_create(**values):
    """Return the command that makes a record of ``values``."""
    return (0, 0, values)


def _validate(picking):
    picking.move_ids.picked = True
    picking.with_context(skip_backorder=True).button_validate()
    assert picking.state == "done", picking.state
    assert len(picking.move_ids.move_line_ids) == _SERIALS
    return picking


def main():
    """Run the pairs and print the median ratio, whole and step by step."""
    configure()
    with (
        database("bare", with_addon=False) as bare,
        database("ours", with_addon=True) as ours,
    ):
        products = {}
        for name in (bare, ours):
            with environment(name) as env:
                products[name] = prepare(env)
            run(name, products[name], "warm")
        pairs = []
        for number in range(_PAIRS):
            order = (bare, ours) if number % 2 else (ours, bare)
            times = {name: run(name, products[name], number) for name in order}
            pairs.append((times[bare], times[ours]))
            print(f"pair {number + 1}: " + _told(*pairs[-1]), flush=True)
    _report(pairs)


def _told(bare, ours):
    return (
        f"bare {sum(bare.values()):.2f} s, with the ledger {sum(ours.values()):.2f} s"
    )


def _report(pairs):
    ratio = statistics.median(
        sum(ours.values()) / sum(bare.values()) for bare, ours in pairs
    )
    result(
        f"receive + deliver + return of {_SERIALS} serials, against bare Odoo",
        f"{ratio:.2f} x",
        f"<= {_BUDGET:.2f} x",
        ratio <= _BUDGET,
    )
    for step in pairs[0][0]:
        bare = statistics.median(pair[0][step] for pair in pairs)
        ours = statistics.median(pair[1][step] for pair in pairs)
        print(f"{step}: bare {bare:.2f} s, with the ledger {ours:.2f} s")


if __name__ == "__main__":
    main()
