"""``make demo``: a database with a demo company, and Odoo serving it."""

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request

import console
import databases
import environment
import fetch_odoo
import odoo_process
import paths
import steps
import system

# Login, password, who that is. The users come with the addon's demo data.
LOGINS = [
    ("operator", "operator", "warehouse operator"),
    ("service", "service", "customer service"),
    ("quality", "quality", "quality manager"),
    ("auditor", "auditor", "reads everything, writes nothing"),
    ("administrator", "administrator", "configures serial traceability"),
    ("admin", "admin", "Odoo's administrator"),
]
_PATIENCE = 120


def main() -> int:
    """Create or update the database, serve it until Ctrl-C."""
    name = prepare()
    port = odoo_process.free_port()
    log = paths.LOGS / f"serve-{name}.log"
    console.progress(f"Starting Odoo; its log is {log}")
    with open(log, "w") as output:
        server = subprocess.Popen(
            odoo_process.command(*_options(name, port)),
            env=environment.variables(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        return _serve(server, name, port)


def _options(name: str, port: int) -> list[str]:
    interface = os.environ.get("DEMO_INTERFACE") or "127.0.0.1"
    place = ["--http-interface", interface, "--http-port", str(port)]
    return ["-d", name, "--db-filter", f"^{name}$", *place]


def _serve(server: subprocess.Popen, name: str, port: int) -> int:
    try:
        if _answers(server, port):
            _tell(name, port)
        return server.wait()
    except KeyboardInterrupt:
        return _stop(server)


def prepare() -> str:
    """Return the demo database; create it, or update it to the addons' state."""
    name = os.environ.get("DEMO_DB") or "demo"
    with steps.alone("demo"):
        _create_or_update(name)
    return name


def _create_or_update(name: str) -> None:
    state = f"serial_traceability {_state()}"
    if name not in databases.names():
        _create(name)
    elif not databases.comment(name).startswith("serial_traceability"):
        raise console.StopError(
            f"There is a database {name} that is not ours: set DEMO_DB to another name."
        )
    elif databases.comment(name) != state:
        console.progress(f"Updating the addons in database {name}")
        log = paths.LOGS / f"update-{name}.log"
        modules = ",".join(paths.addons())
        odoo_process.change(log, "-d", name, "-u", modules, "--no-http")
    databases.set_comment(name, state)


def _create(name: str) -> None:
    version = fetch_odoo.find().version
    system.wish("wkhtmltopdf")
    source = databases.template(demo=True)
    console.progress(f"Installing the addons in database {name}, Odoo {version}")
    draft = f"{name}_draft"
    databases.drop(draft)
    databases.copy(source, draft)
    odoo_process.install(draft, databases.usual_addons(), demo=True)
    databases.rename(draft, name)


def _state() -> str:
    """Return a text that changes with the addons' files."""
    files = sorted(
        path
        for addon in paths.addons()
        for path in (paths.ROOT / addon).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    return paths.digest(*(part for path in files for part in (path, path.read_bytes())))


def _answers(server: subprocess.Popen, port: int) -> bool:
    """Wait until the server answers; say whether it does."""
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return True
    return False


def _tell(name: str, port: int) -> None:
    lines = [f"Odoo serves database {name} on http://localhost:{port}"]
    lines += [f"  {login} / {password}   {who}" for login, password, who in LOGINS]
    print("", *lines, "Ctrl-C stops it.", "", sep="\n", flush=True)


def _stop(server: subprocess.Popen) -> int:
    """Let the server end its work: Ctrl-C has reached it too, other signals not."""
    for end in (lambda: None, server.terminate, server.kill):
        end()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            server.wait(8)
            break
    return 0
