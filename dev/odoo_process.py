"""Runs of Odoo itself, with the log in a file and progress on the screen."""

import re
import subprocess
import time
from pathlib import Path

import console
import environment
import paths

_QUIET = ["--no-http", "--max-cron-threads=0", "--stop-after-init"]
_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
_BEAT = 15


def command(*arguments: str) -> list[str]:
    """Return the command that runs Odoo's command line."""
    return [environment.python(), "-P", "-m", "odoo", *arguments]


def run(log: Path, *arguments: str) -> int:
    """Run Odoo to its end with its log in the file; return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as output:
        process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment.variables(),
        )
        try:
            _watch(process, log)
        finally:
            process.terminate()
            process.wait()
    return process.returncode


def _watch(process: subprocess.Popen, log: Path) -> None:
    told = time.monotonic()
    while process.poll() is None:
        time.sleep(0.2)
        if time.monotonic() - told > _BEAT:
            told = time.monotonic()
            console.progress(f"  {_state(log)}")


def _state(log: Path) -> str:
    loading = _LOADING.findall(log.read_text(errors="replace"))
    if not loading:
        return "starting"
    name, number, total = loading[-1]
    return f"module {number} of {total}: {name}"


def install(database: str, modules: list[str], *, demo: bool = False) -> None:
    """Install the modules; stop with the end of the log if Odoo reports an error."""
    log = paths.LOGS / f"install-{database}.log"
    options = [*_QUIET, *(["--with-demo"] if demo else [])]
    code = run(log, "-d", database, "-i", ",".join(modules), *options)
    text = log.read_text(errors="replace")
    if code or re.search(r" (ERROR|CRITICAL) ", text):
        end = "\n".join(text.splitlines()[-40:])
        raise console.StopError(f"{end}\nThe installation failed; its log is {log}")
