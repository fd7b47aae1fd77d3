"""Lets pytest import ``serial_traceability.core`` without the addon around it.

The addon's own ``__init__`` imports its models, and those need a running Odoo; a
bare package of the same name in its place gives ``core`` a parent and no more.
"""

import pathlib
import sys
import types

_ADDON = pathlib.Path(__file__).parent / "serial_traceability"

if "serial_traceability" not in sys.modules:
    _package = types.ModuleType("serial_traceability")
    _package.__path__ = [str(_ADDON)]
    sys.modules["serial_traceability"] = _package
