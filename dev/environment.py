"""The virtual environment, and the variables that programs in it are started with."""

import os
import sys
from pathlib import Path

import console
import fetch_odoo
import log
import paths
import postgres
import steps
import system

LOCK = paths.DEV / "requirements.lock"


def folder() -> Path:
    """Return the virtual environment's folder: one for each lock file and Python."""
    key = paths.digest(LOCK.read_text(), sys.version, sys.base_prefix)
    return paths.CACHE / f"venv-{key}"


def python() -> str:
    """Return the virtual environment's interpreter."""
    return str(folder() / "bin" / "python")


def is_inside() -> bool:
    """Say whether this process runs in the virtual environment."""
    return Path(sys.prefix) == folder()


def make() -> None:
    """Create the virtual environment from the lock file, hashes checked."""
    steps.once(folder(), _build)
    steps.mark_used(folder())


def _build(target: Path) -> None:
    steps.remove_unused(paths.CACHE.glob("venv-*"))
    console.progress("Installing the Python packages of dev/requirements.lock")
    bare = getattr(sys, "_base_executable", sys.executable)
    log.run(bare, "-m", "venv", target)
    log.run(
        *(target / "bin" / "python", "-m", "pip", "install", "-r", LOCK),
        *("--require-hashes", "--no-deps", "--only-binary=:all:"),
    )


def variables() -> dict[str, str]:
    """Return the environment of a program that uses Odoo and the database."""
    odoo = fetch_odoo.find()
    server = postgres.start()
    added = {
        "ODOO_RC": str(_write_config(odoo, server)),
        "PYTHONPATH": _joined(str(odoo.source), os.environ.get("PYTHONPATH")),
        "PATH": _joined(*_programs(), os.environ.get("PATH")),
        "VIRTUAL_ENV": str(folder()),
    }
    return {**os.environ, **server.variables, **added}


def _joined(*parts: str | None) -> str:
    return os.pathsep.join(part for part in parts if part)


def _programs() -> list[str]:
    found = [str(folder() / "bin")]
    if os.environ.get("CHROME_BIN"):
        found.insert(0, str(_chrome_link()))
    if postgres.binaries():
        found.append(str(postgres.binaries()))
    return found


def _chrome_link() -> Path:
    """Return a folder where ``CHROME_BIN`` has the name Odoo looks for first."""
    link = paths.CACHE / "chrome" / paths.digest(system.need_chromium())
    link.mkdir(parents=True, exist_ok=True)
    if not (link / "google-chrome").exists():
        (link / "google-chrome").symlink_to(system.need_chromium())
    return link


def _write_config(odoo: fetch_odoo.Odoo, server: postgres.Server) -> Path:
    addons = [str(path) for path in odoo.addons]
    if paths.addons():
        addons.append(str(paths.ROOT))
    options = {
        "addons_path": ",".join(addons),
        "data_dir": str(paths.DATA),
        "http_interface": "127.0.0.1",
        **server.options,
    }
    text = "[options]\n" + "".join(f"{k} = {v}\n" for k, v in options.items())
    path = paths.CACHE / f"odoo-{paths.digest(text)}.conf"
    if not path.exists():
        steps.replace(path, text, mode=0o600)
    return path
