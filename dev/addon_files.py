"""Checks of an addon's manifest and XML files that need no Odoo."""

import ast
import collections
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

import paths

_FOLDERS = ("data", "demo", "report", "security", "views", "wizard")
_VERSION = re.compile(r"^19\.0\.\d+\.\d+\.\d+$")
_MARKERS = (b"<<<<<<< ", b">>>>>>> ")


def _manifest(addon: str) -> dict:
    return ast.literal_eval((paths.ROOT / addon / "__manifest__.py").read_text())


def _files(addon: str, pattern: str) -> Iterator[Path]:
    root = paths.ROOT / addon
    return (path for path in sorted(root.rglob(pattern)) if path.is_file())


def _name(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))


def _check_manifest(addon: str) -> str:
    """Return what the manifest says that is not so."""
    manifest, root = _manifest(addon), paths.ROOT / addon
    wrong = []
    if not _VERSION.match(manifest.get("version", "")):
        wrong.append(f"version {manifest.get('version')!r} is not 19.0.x.y.z")
    if manifest.get("license") != "LGPL-3":
        wrong.append(f"license {manifest.get('license')!r} is not 'LGPL-3'")
    listed = manifest.get("data", []) + manifest.get("demo", [])
    wrong += [f"{name} does not exist" for name in listed if not (root / name).exists()]
    return "\n".join([*wrong, *_unlisted(addon, set(listed)), *_empty_globs(manifest)])


def _unlisted(addon: str, listed: set[str]) -> Iterator[str]:
    for folder in _FOLDERS:
        for path in _files(addon, f"{folder}/*.*"):
            name = str(path.relative_to(paths.ROOT / addon))
            if path.suffix in (".xml", ".csv") and name not in listed:
                yield f"{name} is in no list of the manifest"


def _empty_globs(manifest: dict) -> Iterator[str]:
    for entries in manifest.get("assets", {}).values():
        for entry in entries:
            pattern = entry[-1] if isinstance(entry, tuple) else entry
            ours = pattern.lstrip("/").startswith("serial_traceability")
            if ours and not any(paths.ROOT.glob(pattern.lstrip("/"))):
                yield f"assets: nothing matches {pattern}"


def _check_external(addon: str) -> str:
    """Return the Python dependencies that the lock file does not hold."""
    lock = (paths.DEV / "requirements.lock").read_text()
    locked = set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE))
    needed = _manifest(addon).get("external_dependencies", {}).get("python", [])
    names = {re.split(r"[^A-Za-z0-9_.-]", need)[0] for need in needed}
    missing = {name for name in names if _plain(name) not in map(_plain, locked)}
    return "\n".join(f"{name} is not in requirements.lock" for name in sorted(missing))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _check_xml(addon: str) -> str:
    """Return the XML files that cannot be read, and the ids that occur twice."""
    wrong, ids = [], collections.Counter()
    for path in _files(addon, "*.xml"):
        try:
            tree = etree.parse(path)
        except etree.XMLSyntaxError as error:
            wrong.append(f"{_name(path)}: {error}")
            continue
        if tree.getroot().tag == "odoo":
            ids.update(record.get("id") for record in tree.iter("record", "template"))
    twice = (name for name, count in ids.items() if name and count > 1)
    return "\n".join([*wrong, *(f"id {name} occurs twice" for name in twice)])


def _check_markers(addon: str) -> str:
    """Return the files that a merge left unfinished."""
    texts = [path for path in _files(addon, "*") if "__pycache__" not in path.parts]
    marked = (path for path in texts if _has_marker(path))
    return "\n".join(f"{_name(path)} has a conflict marker" for path in marked)


def _has_marker(path: Path) -> bool:
    lines = path.read_bytes().splitlines()
    return any(line.startswith(_MARKERS) for line in lines)


CHECKS = {
    "manifest": _check_manifest,
    "external dependencies": _check_external,
    "XML files": _check_xml,
    "conflict markers": _check_markers,
}
