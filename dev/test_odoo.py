"""``make test-odoo``: does Odoo still pass its own tests with our addons installed?

Odoo's suites run in two databases that are prepared alike, one with our addons and one
without, all of them once every addon is loaded. What fails in both is Odoo's; what
fails or no longer runs in ours is ours.
"""

import addon_tests
import console
import environment
import odoo_log
import odoo_process
import paths
import system

_SUITES = [
    "stock",
    "sale_stock",
    "stock_account",
    "purchase_stock",
    "product_expiry",
    "mrp",
    "point_of_sale",
]


def main() -> int:
    """Run the suites twice; print what only our database fails."""
    system.need_chromium()
    bare = _run("bare", [])
    ours = _run("ours", paths.addons())
    failed = sorted(set(ours.failed) - set(bare.failed))
    gone = sorted(bare.started - ours.started)
    return _tell(bare, ours, failed, gone)


def _run(name: str, addons: list[str]) -> odoo_log.Report:
    log = paths.LOGS / f"test-odoo-{name}.log"
    tags = ",".join(f"/{suite}" for suite in _SUITES)
    program = [environment.python(), "-P", str(paths.DEV / "late_tests.py")]
    with addon_tests.database(name) as database:
        if addons:
            odoo_process.install(database, addons)
        console.progress(f"Odoo's own tests, {name}; the log is {log}")
        update = ["-u", ",".join(_SUITES), "--test-tags", tags]
        return odoo_process.test(log, "-d", database, *update, program=program)


def _tell(bare, ours, failed: list[str], gone: list[str]) -> int:
    print()
    print(f"bare: {bare.tests} tests, {len(bare.failed)} failed")
    print(f"ours: {ours.tests} tests, {len(ours.failed)} failed")
    for test in sorted(set(ours.failed) & set(bare.failed)):
        print(f"fails in both: {test}")
    for test in gone:
        print(f"DID NOT RUN with our addons: {test}")
    for test in failed:
        print(f"FAILED with our addons only: {test}\n{ours.failed[test]}")
    print(f"\n{len(failed) + len(gone)} only ours")
    return 1 if failed or gone or not bare.tests or not ours.tests else 0
