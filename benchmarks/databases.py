"""Databases for the benchmarks: with the addon and without it, made alike."""

import contextlib
import logging
import os
import pathlib
import subprocess
import sys

import odoo
from odoo import api
from odoo.modules.registry import Registry

_ROOT = pathlib.Path(__file__).parents[1]


def configure():
    """Read Odoo's configuration and keep its log to warnings."""
    odoo.tools.config.parse_config(["--log-level=warn", "--max-cron-threads=0"])
    logging.getLogger("odoo").setLevel(logging.WARNING)


@contextlib.contextmanager
def database(name, *, with_addon):
    """Make a database from the cached dependencies; drop it at the end.

    :param name: of the database; an older one of that name is replaced.
    :param with_addon: whether ``serial_traceability`` is installed in it.
    """
    name = f"bench_{name}_{os.getpid()}"
    _dev("database", "new", name)
    try:
        if with_addon:
            _dev(
                "odoo", "-d", name, "-i", "serial_traceability",
                "--stop-after-init", "--no-http", "--log-level=warn",
            )  # fmt: skip
        yield name
    finally:
        Registry.delete(name)
        odoo.sql_db.close_db(name)
        _dev("database", "drop", name)


@contextlib.contextmanager
def environment(name):
    """Open an environment of the superuser; commit at the end."""
    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, api.SUPERUSER_ID, {})


def result(name, value, budget, kept):
    """Print one line of ``make bench``'s table."""
    print("RESULT", name, value, budget, "ok" if kept else "over", sep="\t", flush=True)


def _dev(command, *arguments):
    done = subprocess.run(
        [_ROOT / "dev" / command, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
