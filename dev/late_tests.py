"""Runs Odoo with the tests of an addon's installation put off until all are loaded.

Odoo runs them as soon as their addon is loaded, and ours are loaded after Odoo's: there
they would say nothing of ours.
"""

import odoo.cli
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

_make_suite = loader.make_suite


def _make_late(module_names, position: str = "at_install") -> OdooSuite:
    if position == "at_install":
        return OdooSuite([])
    early = _make_suite(module_names, "at_install")
    return OdooSuite([*early, *_make_suite(module_names, position)])


if __name__ == "__main__":
    loader.make_suite = _make_late
    odoo.cli.main()
