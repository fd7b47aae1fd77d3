"""Runs of Odoo itself, with the log in a file and progress on the screen."""

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import console
import environment
import odoo_log
import paths
import steps
from odoo_log import Report

_ONCE = ["--max-cron-threads=0", "--stop-after-init"]
_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
_TEST = re.compile(r"Starting (\S+) \.\.\. *$", re.MULTILINE)
_BEAT = 15
_LONGEST = 3 * 60 * 60


def command(*arguments: str) -> list[str]:
    """Return the command that runs Odoo's command line."""
    return [environment.python(), "-P", "-m", "odoo", *arguments]


def run(log: Path, words: list[str], **variables: str) -> int:
    """Run Odoo to its end with its log in the file; return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        open(log, "w") as output,
        _ended(
            subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment.variables() | variables,
                pass_fds=steps.held(),
            )
        ) as process,
    ):
        _watch(process, log)
    return process.returncode


@contextlib.contextmanager
def _ended(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    """Leave no Odoo behind, whatever ends the block."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
        process.wait()


def _watch(process: subprocess.Popen, log: Path) -> None:
    began = told = time.monotonic()
    while process.poll() is None:
        time.sleep(0.2)
        now = time.monotonic()
        if now - began > _LONGEST:
            console.progress(f"  stopped: it took longer than {_LONGEST // 60} minutes")
            return
        if now - told > _BEAT:
            told = now
            console.progress(f"  {state(log.read_text(errors='replace'))}")


def state(log: str) -> str:
    """Say in a few words how far the run has come.

    >>> state("... Loading module sale (3/9) ")
    'module 3 of 9: sale'
    """
    tests = _TEST.findall(log)
    loading = _LOADING.findall(log)
    if tests:
        return f"test {len(tests)}: {tests[-1]}"
    if "Starting post tests" in log:
        return "all modules loaded, preparing what the browser loads"
    if loading:
        name, number, total = loading[-1]
        return f"module {number} of {total}: {name}"
    return "starting"


def install(database: str, modules: list[str], *, demo: bool = False) -> None:
    """Install the modules; stop with the end of the log if Odoo reports an error."""
    log = paths.LOGS / f"install-{database}.log"
    options = ["--no-http", *(["--with-demo"] if demo else [])]
    change(log, "-d", database, "-i", ",".join(modules), *options)


def change(
    log: Path, *arguments: str, program: list[str] | None = None, **variables: str
) -> None:
    """Install or update modules; stop with the log's end if Odoo reports an error.

    :param program: what to run in place of Odoo's own command line.
    """
    words = [*(program or command()), *arguments, *_ONCE]
    code = run(log, words, **variables)
    text = log.read_text(errors="replace")
    complaints = odoo_log.read(text).complaints
    if code or complaints:
        end = "\n".join(complaints or text.splitlines()[-40:])
        raise console.StopError(f"{end}\nOdoo failed; its log is {log}")


def test(log: Path, *arguments: str, program: list[str] | None = None) -> Report:
    """Run Odoo with tests; return what its log reports.

    :param program: what to run in place of Odoo's own command line.
    """
    port = free_port(20000 + os.getpid() % 10000)
    place = ["--http-port", str(port), "--screenshots", str(paths.LOGS)]
    code = run(log, [*(program or command()), *arguments, *place, *_ONCE])
    text = log.read_text(errors="replace")
    report = odoo_log.read(text)
    if code and not report.failed and not report.complaints:
        end = "\n".join(text.splitlines()[-20:])
        report.complaints.append(f"Odoo ended with code {code}\n{end}")
    return report


def free_port(first: int = 8069) -> int:
    """Return the first port from there that nobody listens on."""
    for port in range(first, first + 1000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise console.StopError(f"No port from {first} is free.")
