"""Where the project, its cache and the parts of the cache lie."""

import hashlib
import os
from pathlib import Path

DEV = Path(__file__).resolve().parent
ROOT = DEV.parent


def _cache() -> Path:
    own = os.environ.get("SERIAL_TRACEABILITY_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(own or Path(base) / "serial_traceability").absolute()


CACHE = _cache()
ODOO = CACHE / "odoo"
DATA = CACHE / "data"
LOGS = CACHE / "logs"


def digest(*parts: object) -> str:
    """Return ten hex digits that stand for the parts.

    >>> digest("a", 1) == digest("a", 1) != digest("a1")
    True
    """
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def addons() -> list[str]:
    """Return the names of the project's addons, the domain addon first."""
    return sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
