"""Runs Odoo with the scans of its addon ``test_lint`` restricted to our addons.

Odoo's tests walk over every addon they can find; here they find only ours.
"""

import sys
from pathlib import Path

import odoo.cli
from odoo.modules import Manifest
from odoo.tests import loader

_ROOT = Path(__file__).resolve().parent.parent
_OURS = sorted(path.parent.name for path in _ROOT.glob("*/__manifest__.py"))
_find_tests = loader.get_test_modules


class _OurManifests:
    """Stands for Odoo's Manifest where tests ask it for all addons."""

    for_addon = staticmethod(Manifest.for_addon)

    @staticmethod
    def all_addon_manifests():
        return [Manifest.for_addon(name) for name in _OURS]


def _restricted(module: str) -> list:
    found = _find_tests(module)
    if module == "test_lint":
        base = sys.modules["odoo.addons.test_lint.tests.lint_case"]
        for tests in [*found, base]:
            _restrict(tests)
    return found


def _restrict(tests) -> None:
    stand_ins = {
        "Manifest": _OurManifests,
        "get_modules": lambda: list(_OURS),
        "MODULES_TO_LINT": tuple(_OURS),
    }
    for name, stand_in in stand_ins.items():
        if hasattr(tests, name):
            setattr(tests, name, stand_in)


if __name__ == "__main__":
    loader.get_test_modules = _restricted
    odoo.cli.main()
