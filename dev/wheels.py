"""Builds the addons' wheels and installs them beside Odoo, as a user would."""

import sys
import tempfile
import textwrap
import venv
from pathlib import Path

import addon_tests
import console
import fetch_odoo
import log
import odoo_process
import paths
import results

_IMPORT = """
import importlib, sys
from odoo.modules import Manifest, initialize_sys_path
from odoo.tools import config
config.parse_config([])
initialize_sys_path()
name, folder = sys.argv[1:]
path = Manifest.for_addon(name).path
assert path.startswith(folder), f"{name} comes from {path}"
importlib.import_module(f"odoo.addons.{name}")
"""


def run() -> results.Result:
    """Build each addon's wheel, install it in a scratch environment and use it."""
    result = results.Result("wheels")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "venv"
        venv.create(scratch, symlinks=True)
        _share_packages(scratch)
        for addon in paths.addons():
            result.check(f"{addon} builds and installs", _tried(_put, addon, scratch))
            result.check(f"{addon} is found", _tried(_import, addon, scratch))
        if not result.failures:
            result.check("the wheels install in Odoo", _tried(_install, scratch))
    return result


def _tried(action, *arguments: object) -> str:
    try:
        action(*arguments)
    except console.StopError as error:
        return str(error)
    return ""


def _packages(environment: Path) -> Path:
    return next((environment / "lib").glob("python3.*/site-packages"))


def _share_packages(scratch: Path) -> None:
    """Let the scratch environment see what Odoo itself needs."""
    shared = _packages(Path(sys.prefix))
    (_packages(scratch) / "shared.pth").write_text(f"{shared}\n")


def _put(addon: str, scratch: Path) -> None:
    target = scratch / "wheels" / addon
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", target]
    log.run(sys.executable, *build, paths.ROOT / addon)
    (wheel,) = target.glob("*.whl")
    install = ["--python", scratch, "install", "--no-deps", "--no-index", wheel]
    log.run(sys.executable, "-m", "pip", *install)


def _import(addon: str, scratch: Path) -> None:
    code = textwrap.dedent(_IMPORT)
    python = scratch / "bin" / "python"
    log.run(python, "-P", "-c", code, addon, scratch, **_beside(scratch))


def _beside(scratch: Path) -> dict[str, str]:
    """Return the environment of an Odoo that knows nothing of this checkout."""
    config = scratch / "odoo.conf"
    addons = ",".join(str(path) for path in fetch_odoo.find().addons)
    config.write_text(f"[options]\naddons_path = {addons}\ndata_dir = {paths.DATA}\n")
    return {"PYTHONPATH": str(fetch_odoo.find().source), "ODOO_RC": str(config)}


def _install(scratch: Path) -> None:
    program = [str(scratch / "bin" / "python"), "-P", "-m", "odoo"]
    journal = paths.LOGS / "wheels.log"
    with addon_tests.database("wheels") as name:
        arguments = ["-d", name, "-i", ",".join(paths.addons()), "--no-http"]
        odoo_process.change(journal, *arguments, program=program, **_beside(scratch))
