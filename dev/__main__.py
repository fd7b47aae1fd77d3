"""The commands behind the Makefile and the scripts in dev/: ``dev/start <command>``."""

import importlib
import os
import signal
import subprocess
import sys

import console
import environment

# Command -> module whose main(arguments) does it, in the virtual environment
_JOBS = {
    "bench": "bench",
    "clean": "clean",
    "database": "database_command",
    "demo": "demo",
    "lint": "lint",
    "npm": "node",
    "shell": "demo_shell",
    "test": "run_tests",
    "test-odoo": "test_odoo",
}


def main(command: str, *arguments: str) -> int:
    """Run the command; return its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    environment.make()
    if not environment.is_inside():
        _replace(environment.python(), *sys.argv)
    if command in ("odoo", "python"):
        _become(command, arguments)
    return importlib.import_module(_JOBS[command]).main(*arguments)


def _replace(*words: str) -> None:
    os.execv(words[0], words)


def _become(command: str, arguments: tuple[str, ...]) -> None:
    prefix = ["-P", "-m", "odoo"] if command == "odoo" else []
    words = [environment.python(), *prefix, *arguments]
    os.execve(words[0], words, environment.variables())


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except console.StopError as error:
        sys.exit(f"{error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"This command failed: {' '.join(map(str, error.cmd))}")
    except KeyboardInterrupt:
        sys.exit(130)
