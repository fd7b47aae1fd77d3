"""What holding costs: 10,000 reserved serials in one transaction, and what the gate
adds to ordinary shipping where nothing is held.

The serials are reserved by 100 deliveries of 100. Holding them breaks all reservations
and tells the ledger; the job then seeks as many substitutes. What the gate adds is
measured from within: the median share of nine deliveries' time that is spent in what
holds hook into, with nothing held. Turning the hooks off and on in turns would measure
less: they are methods of the addon, and the difference is smaller than the noise of two
runs.
"""

import contextlib
import os
import statistics
import time
from collections import defaultdict
from unittest.mock import patch

from databases import configure, database, environment, result

_SERIALS = int(os.environ.get("BENCH_HELD", "10000"))
_ORDERS = 100
_SHIPPED = 1000
_RUNS = 9
_HOLD_BUDGET = 5.0
_SEEK_BUDGET = 60.0
_SHARE_BUDGET = 1.05


def main():
    """Measure, and print the results."""
    configure()
    with database("hold", with_addon=True) as name:
        measure_gate(name)
        product_id = prepare(name)
        held = hold(name, product_id)
        result(
            f"hold {_SERIALS} reserved serials, reservations broken",
            f"{held:.1f} s",
            f"<= {_HOLD_BUDGET:.0f} s",
            held <= _HOLD_BUDGET,
        )
        sought = seek(name)
        result(
            f"reserve {_SERIALS} substitutes afterwards",
            f"{sought:.1f} s",
            f"<= {_SEEK_BUDGET:.0f} s",
            sought <= _SEEK_BUDGET,
        )


# ---- Holding ----


def prepare(name):
    """Stock twice the serials and reserve half of them; return the product's id."""
    with environment(name) as env:
        product = make_product(env)
        stock(env, product, "H", 2 * _SERIALS)
        for _number in range(_ORDERS):
            deliver(env, product, _SERIALS // _ORDERS).action_assign()
        lines = env["stock.move.line"].search([("product_id", "=", product.id)])
        assert len(lines.lot_id) == _SERIALS, len(lines.lot_id)
        return product.id


def hold(name, product_id):
    """Hold what is reserved; return the seconds, commit included."""
    with environment(name) as env:
        lines = env["stock.move.line"].search([("product_id", "=", product_id)])
        lot_ids = lines.lot_id.ids
    with environment(name) as env:
        lots = env["stock.lot"].browse(lot_ids)
        began = time.perf_counter()
        count = lots.hold(env.ref("serial_traceability.hold_reason_recall").id)
        env.flush_all()
        env.cr.commit()
        seconds = time.perf_counter() - began
        assert count == _SERIALS, count
        quants = env["stock.quant"].search([("lot_id", "in", lot_ids)])
        assert len(quants) == _SERIALS and not sum(quants.mapped("reserved_quantity"))
        assert not env["stock.move.line"].search_count([("lot_id", "in", lot_ids)])
        return seconds


def seek(name):
    """Let the job seek substitutes; return the seconds."""
    with environment(name) as env:
        job = env["serial.substitution"]
        wanted = job.search([]).move_id
        began = time.perf_counter()
        job._cron_substitute()
        seconds = time.perf_counter() - began
        assert not job.search_count([])
        assert set(wanted.mapped("state")) == {"assigned"}, wanted.mapped("state")
        assert sum(wanted.mapped("quantity")) == _SERIALS
        return seconds


# ---- Shipping ----


def measure_gate(name):
    """Print what the hooks of holds add to a delivery where nothing is held."""
    ratios = []
    for run in range(_RUNS):
        with environment(name) as env:
            product = make_product(env)
            stock(env, product, f"G{run}-", _SHIPPED)
            env.cr.commit()
            spent = defaultdict(float)
            with timed_hooks(env, spent):
                began = time.perf_counter()
                picking = deliver(env, product, _SHIPPED)
                picking.action_assign()
                picking.move_ids.picked = True
                picking.button_validate()
                env.cr.commit()
                whole = time.perf_counter() - began
            assert picking.state == "done", picking.state
            ratios.append(whole / (whole - sum(spent.values())))
    ratio = statistics.median(ratios)
    result(
        f"ship {_SHIPPED} serials with nothing held, against the same without the gate",
        f"{ratio:.3f} x",
        f"<= {_SHARE_BUDGET:.2f} x",
        ratio <= _SHARE_BUDGET,
    )


def timed_hooks(env, spent):
    """Return patches that add up the time that what holds add takes."""
    hooks = [
        ("serial.gate", "_check_lines"),
        ("stock.move.line", "_check_gate"),
        ("stock.move", "_choosing"),
        ("stock.quant", "_choosing"),
        ("stock.lot", "_get_barred_domain"),
        ("stock.lot", "_get_barred"),
    ]
    stack = contextlib.ExitStack()
    depth = [0]
    for model, method in hooks:
        wrapped = timed(getattr(env.registry[model], method), spent, depth)
        stack.enter_context(patch.object(env.registry[model], method, wrapped))
    return stack


def timed(function, spent, depth):
    """Return ``function``, adding its time to ``spent``; what it calls of the others
    counts once.
    """

    def wrapped(*arguments, **named):
        depth[0] += 1
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            depth[0] -= 1
            if not depth[0]:
                spent[function.__name__] += time.perf_counter() - began

    return wrapped


# ---- Records ----


def make_product(env):
    return env["product.product"].create(
        {"name": "Phone", "is_storable": True, "tracking": "serial"}
    )


def stock(env, product, prefix, count):
    """Put serials into stock, past Odoo's receipts: those are not what is measured."""
    place = env["stock.warehouse"].search([], limit=1).lot_stock_id
    lots = env["stock.lot"].create(
        [
            {"name": f"{prefix}{number:06d}", "product_id": product.id}
            for number in range(count)
        ]
    )
    env["stock.quant"].create(
        [
            {
                "product_id": product.id,
                "location_id": place.id,
                "lot_id": lot.id,
                "quantity": 1,
            }
            for lot in lots
        ]
    )
    env.flush_all()


def deliver(env, product, count):
    """Return a confirmed delivery that reserves nothing by itself."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    warehouse.out_type_id.reservation_method = "manual"
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    move = {"product_id": product.id, "product_uom_qty": count, **places}
    picking = env["stock.picking"].create(
        {
            "picking_type_id": warehouse.out_type_id.id,
            "move_ids": [(0, 0, move)],
            **places,
        }
    )
    picking.action_confirm()
    return picking


if __name__ == "__main__":
    main()
