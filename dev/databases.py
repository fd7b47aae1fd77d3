"""Databases: cached templates with the dependencies installed, and copies of them."""

import contextlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator

import psycopg2
from psycopg2 import sql

import console
import environment
import fetch_odoo
import odoo_process
import paths
import steps

DEPENDENCIES = [
    "sale_management",
    "sale_stock",
    "stock_account",
    "purchase_stock",
    "product_expiry",
    "barcodes_gs1_nomenclature",
    "certificate",
]
# Apps that only a bridge needs: in the databases that tests run in, and neither in the
# demo nor where Odoo is measured
BRIDGED = {"serial_traceability_mrp": "mrp", "serial_traceability_pos": "point_of_sale"}
_PREFIX = "serial_traceability"


@contextlib.contextmanager
def _server() -> Iterator[psycopg2.extensions.cursor]:
    variables = environment.variables()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER"}
    names["password"] = "PGPASSWORD"
    given = {name: variables.get(key) for name, key in names.items()}
    connection = psycopg2.connect(dbname="postgres", **given)
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def names() -> list[str]:
    """Return the names of the databases that are not PostgreSQL's own."""
    with _server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate "
            "AND datname <> 'postgres' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def drop(name: str) -> None:
    """Delete the database, its files, and whoever is connected to it."""
    with _server() as cursor:
        statement = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    shutil.rmtree(_files(name), ignore_errors=True)


def copy(source: str, target: str) -> None:
    """Copy the database and its files; the copy gets an identity of its own."""
    with _server() as cursor:
        statement = "CREATE DATABASE {} TEMPLATE {}"
        parts = sql.Identifier(target), sql.Identifier(source)
        cursor.execute(sql.SQL(statement).format(*parts))
    if _files(source).exists():
        shutil.copytree(
            _files(source), _files(target), copy_function=os.link, dirs_exist_ok=True
        )
    _execute(
        target,
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid'",
        str(uuid.uuid4()),
    )


def _execute(name: str, statement: str, *values: object) -> None:
    with _server() as cursor:
        parameters = cursor.connection.get_dsn_parameters()
    password = environment.variables().get("PGPASSWORD")
    parameters |= {"dbname": name, "password": password}
    connection = psycopg2.connect(**parameters)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
    connection.close()


def _files(name: str):
    return paths.DATA / "filestore" / name


def new(name: str, *, demo: bool = False, bridged: bool = False) -> None:
    """Create a database with the dependencies installed, in place of an older one."""
    source = bridged_template() if bridged else template(demo=demo)
    drop(name)
    copy(source, name)


def template(*, demo: bool = False) -> str:
    """Return the database that has the dependencies installed; make it if need be."""
    version = fetch_odoo.find().version
    key = paths.digest(version, *DEPENDENCIES)
    content = "with demo data" if demo else "without demo data"
    return _once(
        f"{_PREFIX}_{'demo' if demo else 'plain'}_{key}",
        f"the dependencies in Odoo {version}, {content} (2 to 4 minutes)",
        lambda draft: odoo_process.install(draft, DEPENDENCIES, demo=demo),
    )


def bridged_template() -> str:
    """Return the database that has the apps of all bridges, too; make it if need be."""
    source = template()

    def make(draft: str) -> None:
        copy(source, draft)
        odoo_process.install(draft, [*BRIDGED.values()])

    return _once(
        f"{_PREFIX}_bridged_{paths.digest(source, *BRIDGED.values())}",
        f"the apps of the bridges: {', '.join(BRIDGED.values())} (one to two minutes)",
        make,
    )


def usual_addons() -> list[str]:
    """Return the names of our addons that need no app of a bridge."""
    return [name for name in paths.addons() if name not in BRIDGED]


def _once(name: str, what: str, make: Callable[[str], None]) -> str:
    """Return the template of that name; have a draft of it made if it is not there."""
    if name not in names():
        with steps.alone("template"):
            if name not in names():
                console.progress(f"Installing {what}")
                draft = f"{_PREFIX}_draft_{paths.digest(paths.CACHE)}"
                drop(draft)
                make(draft)
                rename(draft, name)
    return name


def rename(draft: str, name: str) -> None:
    """Give a finished database its name: from then on it is there."""
    shutil.rmtree(_files(name), ignore_errors=True)
    if _files(draft).exists():
        _files(draft).rename(_files(name))
    with _server() as cursor:
        statement = "ALTER DATABASE {} RENAME TO {}"
        parts = sql.Identifier(draft), sql.Identifier(name)
        cursor.execute(sql.SQL(statement).format(*parts))


def comment(name: str) -> str:
    """Return the database's comment: ours say what they hold."""
    with _server() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = %s",
            (name,),
        )
        return cursor.fetchone()[0] or ""


def set_comment(name: str, text: str) -> None:
    """Say what the database holds."""
    with _server() as cursor:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Literal(text)))


def drop_templates() -> None:
    """Delete the cached templates: on a given server the cache is not all there is."""
    for name in names():
        if name.startswith(f"{_PREFIX}_"):
            drop(name)


def psql(name: str) -> int:
    """Open PostgreSQL's own client on the database."""
    return subprocess.run(["psql", name], env=environment.variables()).returncode
