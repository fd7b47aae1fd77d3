"""Tests and doctests that need no Odoo: those of ``core/`` and those of ``dev/``."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import paths
import results


def run() -> results.Result:
    """Run pytest on the core, and the doctests of the tools themselves."""
    result = results.Result("core")
    _pytest(result)
    need_odoo = [paths.DEV / "late_tests.py", paths.DEV / "restricted_lint.py"]
    own = ["--doctest-modules", "--import-mode=prepend"]
    own += [f"--ignore={path}" for path in need_odoo]
    _pytest(result, *own, str(paths.DEV))
    return result


def _pytest(result: results.Result, *arguments: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}"]
        done = subprocess.run(
            [*words, *arguments],
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        if report.exists():
            _count(report, result)
        if done.returncode and not result.failures:
            result.failures.append(f"pytest ended with code {done.returncode}")


def _count(report: Path, result: results.Result) -> None:
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        kinds = {child.tag: child for child in case}
        wrong = kinds.get("failure", kinds.get("error"))
        if wrong is not None:
            result.check(name, wrong.text or wrong.get("message") or "failed")
        elif "skipped" in kinds:
            result.skipped.append(f"{name}: {kinds['skipped'].get('message')}")
        else:
            result.passed += 1
