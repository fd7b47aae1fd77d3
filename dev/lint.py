"""The linters: each one is a check that passes or tells what it found."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import addon_files
import environment
import fetch_odoo
import node
import paths
import results

_RUFF = [sys.executable, "-m", "ruff"]
_ODOO_CHECKERS = [
    "_pylint_path_setup",
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
]
_ODOO_MESSAGES = [
    "used-before-assignment",
    "undefined-variable",
    "eval-used",
    "unreachable",
    "function-redefined",
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
]


def main() -> int:
    """Run all linters and tell what they found."""
    return results.tell([run()])


def run() -> results.Result:
    """Run all linters."""
    result = results.Result("lint")
    for name, check in _checks():
        result.check(name, check())
    return result


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "ruff check", lambda: _output(*_RUFF, "check", "--quiet", ".")
    yield "ruff format", lambda: _output(*_RUFF, "format", "--quiet", "--diff", ".")
    yield "shell", _shell
    if paths.addons():
        yield "pylint-odoo", _pylint_odoo
        yield "pylint with Odoo's own checkers", _pylint_of_odoo
        yield "OCA's checks of modules", _oca
    if _scripts():
        yield "eslint", lambda: _eslint(paths.ROOT / ".eslintrc.json")
        yield "eslint with Odoo's own rules", lambda: _eslint(_test_lint() / "eslintrc")
    for addon in paths.addons():
        for name, check in addon_files.CHECKS.items():
            yield f"{addon}: {name}", lambda addon=addon, check=check: check(addon)


def _output(*command: object, **variables: str) -> str:
    """Return what a linter complains about: nothing if it is content."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=paths.ROOT,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if not done.returncode:
        return ""
    return f"{done.stdout}\n{done.stderr}".strip() or f"ended with {done.returncode}"


def _shell() -> str:
    """Check the scripts with shellcheck, else that a POSIX shell can read them."""
    scripts = [*paths.DEV.iterdir(), paths.ROOT / ".ci" / "run"]
    ours = [path for path in scripts if path.is_file() and _is_shell(path)]
    checker = ["shellcheck"] if shutil.which("shellcheck") else ["sh", "-n"]
    return "\n".join(filter(None, (_output(*checker, path) for path in ours)))


def _is_shell(path) -> bool:
    return path.read_bytes().startswith(b"#!/bin/sh")


def _pylint_odoo() -> str:
    pylint = [sys.executable, "-m", "pylint", "--score=n", "--jobs=2"]
    return _output(*pylint, "--rcfile=.pylintrc", *paths.addons())


def _pylint_of_odoo() -> str:
    """Check ours as test_lint's TestPyLint checks all of Odoo."""
    odoo = fetch_odoo.find()
    addons = os.pathsep.join(str(path) for path in [*odoo.addons, paths.ROOT])
    return _output(
        *(sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", "--score=n"),
        "--disable=all,useless-option-value,unknown-option-value",
        f"--enable={','.join(_ODOO_MESSAGES)}",
        f"--load-plugins={','.join(_ODOO_CHECKERS)}",
        *paths.addons(),
        PYTHONPATH=f"{_test_lint()}{os.pathsep}{odoo.source}",
        ADDONS_PATH=addons,
    )


def _oca() -> str:
    program = environment.folder() / "bin" / "oca-checks-odoo-module"
    manifests = [f"{addon}/__manifest__.py" for addon in paths.addons()]
    # Asks for capitals in encoding="utf-8", which XML does not tell apart
    return _output(program, "--disable=xml-header-wrong", *manifests)


def _scripts() -> list[str]:
    found = paths.ROOT.glob("serial_traceability*/static/**/*.js")
    return sorted(str(path) for path in found if "lib" not in path.parts)


def _eslint(rules) -> str:
    return _output(*node.eslint(), "--no-eslintrc", "-c", rules, *_scripts())


def _test_lint():
    addons = fetch_odoo.find().addons
    found = (path / "test_lint" / "tests" for path in addons)
    return next(path for path in found if path.exists())
