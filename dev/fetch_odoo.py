"""Odoo 19: the source tree that ``ODOO_DIR`` names, else Debian's package, unpacked.

The package comes from Debian's suite sid by the machine's own mirror, verified by apt
with Debian's keys; the system's own package lists are left alone.
"""

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

import console
import paths
import steps
import system

_KEYRINGS = [
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
]
# What Odoo's package links to. Its icons are those of Font Awesome 4, which only
# suites older than sid still carry.
_FONT_SUITE = "trixie"
_PACKAGES = [
    "odoo-19",
    f"fonts-font-awesome/{_FONT_SUITE}",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
# Debian leaves this file out, but Odoo's pages load it and tours fail without it
_LEFT_OUT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclasses.dataclass(frozen=True)
class Odoo:
    """An Odoo source tree: what to put on the Python path, and its addons."""

    source: Path
    addons: list[Path]

    @property
    def version(self) -> str:
        """Return a text that tells this tree from others."""
        release = (self.source / "odoo" / "release.py").read_text()
        numbers = re.search(r"^version_info = \((\d+), (\d+)", release, re.MULTILINE)
        number = ".".join(numbers.groups()) if numbers else "unknown"
        return f"{number} ({self._origin()})"

    def _origin(self) -> str:
        package = paths.ODOO / "version"
        if self.source.is_relative_to(paths.ODOO) and package.exists():
            return f"Debian {package.read_text().strip()}"
        head = ["git", "-C", str(self.source), "rev-parse", "--short", "HEAD"]
        commit = subprocess.run(head, capture_output=True, text=True)
        return f"{self.source} {commit.stdout.strip()}".strip()


def find() -> Odoo:
    """Return the Odoo to use; fetch it if there is none yet."""
    own = os.environ.get("ODOO_DIR")
    if own:
        return _given(Path(own).absolute())
    steps.once(paths.ODOO, _build)
    source = paths.ODOO / "root" / "usr" / "lib" / "python3" / "dist-packages"
    return Odoo(source, [source / "odoo" / "addons"])


def _given(source: Path) -> Odoo:
    if not (source / "odoo" / "release.py").exists():
        raise console.StopError(f"ODOO_DIR={source} is no Odoo source tree.")
    addons = [source / "addons", source / "odoo" / "addons"]
    return Odoo(source, [path for path in addons if (path / "web").exists()] or addons)


def _build(target: Path) -> None:
    keyring = _keyring()
    console.progress("Fetching Odoo 19 (Debian's package odoo-19, about 130 MB)")
    apt = _private_apt(target / "apt", keyring)
    _run(*apt, "update")
    _download(target / "apt", apt)
    root = target / "root"
    for package in sorted((target / "apt").glob("*.deb")):
        console.progress(f"Unpacking {package.name}")
        _run("dpkg-deb", "-x", package, root)
        if package.name.startswith("odoo-19_"):
            (target / "version").write_text(package.name.split("_")[1] + "\n")
    _put_left_out(root)
    shutil.rmtree(target / "apt")


def _keyring() -> Path:
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise console.StopError(
            "Odoo 19 is fetched as a Debian package, and this system has no apt: set "
            "ODOO_DIR to an Odoo 19 source tree."
        )
    if not any(path.exists() for path in _KEYRINGS):
        system.install("debian-archive-keyring", purpose="Debian's signing key")
    return next(path for path in _KEYRINGS if path.exists())


def _private_apt(folder: Path, keyring: Path) -> list[str]:
    """Return the apt-get command that sees sid and keeps its lists in the folder."""
    for part in ("sources", "lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "sources" / "debian.sources").write_text(
        f"Types: deb\nURIs: {mirror()}\nSuites: sid {_FONT_SUITE}\n"
        f"Components: main\nSigned-By: {keyring}\n"
    )
    places = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": folder / "sources",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    options = [f"-o{name}={value}" for name, value in places.items()]
    return ["apt-get", "-q", *options]


def mirror() -> str:
    """Return the Debian mirror that the machine's own apt sources name."""
    folder = Path("/etc/apt")
    texts = [path.read_text() for path in folder.glob("sources.list.d/*.sources")]
    found = [uri for text in texts for uri in _of_deb822(text)]
    lists = [folder / "sources.list", *folder.glob("sources.list.d/*.list")]
    texts = [path.read_text() for path in lists if path.exists()]
    found += [uri for text in texts for uri in _of_lines(text)]
    if not found or system.release().get("ID") != "debian":
        raise console.StopError(
            "The machine's apt sources name no Debian mirror to fetch Odoo 19 from: "
            "set ODOO_DIR to an Odoo 19 source tree."
        )
    return found[0]


def _suites() -> set[str]:
    codename = system.release().get("VERSION_CODENAME", "")
    return {codename, "stable", "oldstable", "testing", "unstable", "sid"} - {""}


def _of_deb822(text: str) -> list[str]:
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        pairs = (line.split(":", 1) for line in lines if re.match(r"[A-Za-z]", line))
        fields = {pair[0].lower(): pair[-1].split() for pair in pairs}
        is_debian = "main" in fields.get("components", ()) and (
            _suites() & set(fields.get("suites", ()))
        )
        if is_debian and fields.get("enabled") != ["no"]:
            found += fields["uris"][:1]
    return found


def _of_lines(text: str) -> list[str]:
    entry = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b", re.M)
    return [uri for uri, suite in entry.findall(text) if suite in _suites()]


def _download(folder: Path, apt: list[str]) -> None:
    try:
        _run(*apt, "download", *_PACKAGES, cwd=folder)
    except subprocess.CalledProcessError as error:
        raise console.StopError(
            "Debian's suite sid no longer offers what is needed (odoo-19 and the "
            "fonts and libraries it links to; see above), or the mirror cannot be "
            "reached: set ODOO_DIR to an Odoo 19 source tree."
        ) from error


def _run(*command: object, cwd: Path | None = None) -> None:
    words = [str(word) for word in command]
    subprocess.run(
        words,
        cwd=cwd,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=2,
        pass_fds=steps.held(),
    )


def _put_left_out(root: Path) -> None:
    source = root / "usr" / "lib" / "python3" / "dist-packages"
    path = source / "odoo" / _LEFT_OUT
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("// Not part of Debian's package: background blur in calls\n")
