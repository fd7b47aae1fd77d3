"""The machine's own packages: installed as root, asked for otherwise."""

import os
import shutil
from pathlib import Path

import console
import log

_APT = ["apt-get", "-qq", "-y", "--no-install-recommends", "install"]


def is_root() -> bool:
    """Say whether this run may install packages."""
    return os.geteuid() == 0


def install(*packages: str, purpose: str) -> None:
    """Install Debian packages, or stop with the command that would.

    :param purpose: what is missing without them, as the start of a sentence.
    """
    command = f"apt-get install {' '.join(packages)}"
    if not is_root() or not shutil.which("apt-get"):
        raise console.StopError(f"{purpose} is missing: {command} (as root).")
    console.progress(f"Installing {' '.join(packages)}")
    log.run("apt-get", "-qq", "update")
    log.run(*_APT, *packages, DEBIAN_FRONTEND="noninteractive")


def wish(program: str) -> None:
    """Install a package that helps but is not needed, where that is allowed."""
    if shutil.which(program) or not is_root():
        return
    try:
        install(program, purpose=program)
    except console.StopError:
        console.progress(f"{program} cannot be installed; going on without it")


def release() -> dict[str, str]:
    """Return the machine's os-release as a dictionary."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def chromium() -> str | None:
    """Return the browser for tests: ``CHROME_BIN``, else the machine's own."""
    own = os.environ.get("CHROME_BIN")
    if own:
        return shutil.which(own)
    names = ["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"]
    return next(filter(None, map(shutil.which, names)), None)


def need_chromium() -> str:
    """Return the browser for tests; install it where that is allowed."""
    if os.environ.get("CHROME_BIN") and not chromium():
        raise console.StopError("CHROME_BIN names no program that can be run.")
    if not chromium():
        install("chromium", purpose="A browser for tests (or CHROME_BIN)")
    return chromium()
