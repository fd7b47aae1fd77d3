"""The addons' tests in Odoo, each group in a database that is thrown away after it."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import console
import databases
import odoo_log
import odoo_process
import paths
import postgres
import results
import system

_CONCURRENCY = "serial_throwaway"
# What of Odoo's test_lint does not run, and why
_LEFT_OUT = {
    "TestPyLint": "scans all of Odoo for minutes; `make lint` runs its checkers on us",
    "TestESLint": "needs eslint in the path; `make lint` runs its rules on us",
    "TestConflictMarkers": "scans all of Odoo; `make lint` looks into our files",
    "TestPylintChecks": "tests Odoo's checkers, not an addon",
    "TestGetTextLint": "tests Odoo's checkers, not an addon",
    "TestSqlLint": "tests Odoo's checkers, not an addon",
    "L10nLinter": "looks at l10n_* addons only",
}


@contextlib.contextmanager
def database(name: str, source: str | None = None) -> Iterator[str]:
    """Provide a copy of the database, dropped at the end.

    :param source: that of the template with the apps of all bridges where left out.
    """
    _drop_left_behind()
    full = f"test_{name}_{os.getpid()}"
    databases.drop(full)
    try:
        databases.copy(source or databases.bridged_template(), full)
        yield full
    finally:
        databases.drop(full)


def _drop_left_behind() -> None:
    """Drop the databases of runs that were killed, where only this machine writes."""
    if postgres.is_given():
        return
    for name in databases.names():
        owner = re.fullmatch(r"test_[a-z_]+_(\d+)", name)
        if owner and not Path("/proc", owner[1]).exists():
            databases.drop(name)


def run_addon(selection: str = "") -> results.Result:
    """Install the addons in a fresh database with their tests, then the concurrent.

    :param selection: Odoo's ``--test-tags``, in place of all tests of our addons.
    """
    system.need_chromium()
    result = results.Result("addon")
    addons = paths.addons()
    tags = selection or ",".join([*(f"/{name}" for name in addons), f"-{_CONCURRENCY}"])
    with database("addon") as name:
        install = ["-d", name, "-i", ",".join(addons)]
        _add(_test("addon", *install, "--test-tags", tags), result)
        if not selection:
            _run_concurrent(name, result)
    return result


def _run_concurrent(source: str, result: results.Result) -> None:
    """Run the tests that commit, in a database where that hurts nobody."""
    if not any(_mentions_concurrency(addon) for addon in paths.addons()):
        return
    with database("concurrency", source) as name:
        report = _test("concurrency", "-d", name, "--test-tags", _CONCURRENCY)
    _add(report, result)


def _mentions_concurrency(addon: str) -> bool:
    tests = (paths.ROOT / addon / "tests").rglob("*.py")
    return any(_CONCURRENCY in path.read_text() for path in tests)


def run_lint() -> results.Result:
    """Run Odoo's test_lint with its scans restricted to our addons."""
    result = results.Result("test_lint")
    program = [sys.executable, "-P", str(paths.DEV / "restricted_lint.py")]
    tags = ["/test_lint", *(f"-/test_lint:{name}" for name in _LEFT_OUT)]
    with database("lint") as name:
        install = ["-d", name, "-i", ",".join([*paths.addons(), "test_lint"])]
        arguments = [*install, "--test-tags", ",".join(tags)]
        _add(_test("test_lint", *arguments, program=program), result)
    return result


def _test(name: str, *arguments: str, program=None) -> odoo_log.Report:
    log = paths.LOGS / f"{name}.log"
    console.progress(f"Testing {name}; the log is {log}")
    return odoo_process.test(log, *arguments, program=program)


def _add(report: odoo_log.Report, result: results.Result) -> None:
    """Take the report over: what Odoo counted, failed tests, an unclean log."""
    for name, text in report.failed.items():
        result.check(name, text or "failed")
    for text in report.complaints:
        result.check("unclean log", text)
    if not report.tests:
        result.failures.append("Odoo ran no test")
    result.skipped += report.skipped
    result.passed += report.passed
