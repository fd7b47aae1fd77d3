"""How long it takes to issue unpredictable GS1 serials, against core's ``create``.

Five alternating pairs of 20,000, which make 100,000: bare Odoo creates serials by one
call of ``stock.lot.create``; the addon issues as many, drawn by the scheme for EU
medicines, created and commissioned on the ledger, in committed pieces as the scheduled
action does. The median ratio counts. One run of 1,000,000 follows in the same
database: its last tenth against its first, and what memory it needs. ``BENCH_ISSUED``
sets how many that run issues.
"""

import os
import resource
import statistics
import time

from databases import configure, database, environment, result

_PAIRS = 5
_SERIALS = 20_000
_RUN = int(os.environ.get("BENCH_ISSUED", "1000000"))
_RATIO_BUDGET = 0.10
_GROWTH_BUDGET = 1.25
_MEMORY_BUDGET = 64


def main():
    """Measure, and print the results."""
    configure()
    with (
        database("issue_bare", with_addon=False) as bare,
        database("issue", with_addon=True) as ours,
    ):
        ratios = []
        for pair in range(1, _PAIRS + 1):
            core = create(bare, pair) / _SERIALS
            issued = sum(issue(ours, _SERIALS)) / _SERIALS
            ratios.append(issued / core)
            print(
                f"pair {pair}: core {core * 1000:.2f} ms, "
                f"issued {issued * 1000:.3f} ms a serial",
                flush=True,
            )
        ratio = statistics.median(ratios)
        result(
            "issuing 100000 serials, against stock.lot.create",
            f"{ratio:.3f} x",
            f"<= {_RATIO_BUDGET:.2f} x",
            ratio <= _RATIO_BUDGET,
        )
        measure_run(ours)


def create(name, pair):
    """Return the seconds in which core creates serials of a new product."""
    with environment(name) as env:
        product = make_product(env, pair)
        values = [
            {"name": f"N{number:013d}", "product_id": product.id}
            for number in range(_SERIALS)
        ]
        began = time.perf_counter()
        env["stock.lot"].create(values)
        env.flush_all()
        env.cr.commit()
        return time.perf_counter() - began


def issue(name, quantity):
    """Return the seconds that each piece of a run takes."""
    with environment(name) as env:
        run = env["serial.issue"].create(
            {
                "product_id": make_product(env, "issued").id,
                "scheme_id": env.ref("serial_traceability.scheme_medicine").id,
                "quantity": quantity,
            }
        )
        run._check_possible()
        run._note({"state": "running"})
        env.cr.commit()
        seconds = []
        while run.state == "running":
            began = time.perf_counter()
            run._try(run._issue_next)
            env.cr.commit()
            seconds.append(time.perf_counter() - began)
        assert run.state == "done", run.message
        return seconds


def measure_run(name):
    """Issue one large run; print how time and memory grew."""
    issue(name, _SERIALS)
    early = peak()
    seconds = issue(name, _RUN)
    tenth = max(1, len(seconds) // 10)
    growth = sum(seconds[-tenth:]) / sum(seconds[:tenth])
    print(f"{_RUN} issued in {sum(seconds):.0f} s", flush=True)
    result(
        f"issuing {_RUN} serials, last tenth against first",
        f"{growth:.2f} x",
        f"<= {_GROWTH_BUDGET:.2f} x",
        growth <= _GROWTH_BUDGET,
    )
    more = peak() - early
    result(
        f"issuing {_RUN} serials, MB more at the end",
        f"{more:.0f}",
        f"<= {_MEMORY_BUDGET}",
        more <= _MEMORY_BUDGET,
    )


def make_product(env, name):
    """Return the product of that name, made where there is none; the issued one has
    a GTIN.
    """
    products = env["product.product"]
    product = products.search([("default_code", "=", f"BENCH {name}")])
    return product or products.create(
        {
            "name": f"Medicine {name}",
            "default_code": f"BENCH {name}",
            "barcode": "09520001300011" if name == "issued" else False,
            "is_storable": True,
            "tracking": "serial",
        }
    )


def peak():
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
