from odoo.modules.module import Manifest
from odoo.tests import TransactionCase
from odoo.tools.convert import convert_file

MODULE = "serial_traceability"


class DemoCase(TransactionCase):
    """The demo files, loaded into whatever database the tests run in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load()

    @classmethod
    def _load(cls):
        """Load the demo files as installing with demo data does."""
        for path in Manifest.for_addon(MODULE)["demo"]:
            convert_file(cls.env, MODULE, path, {}, mode="init", noupdate=True)

    @classmethod
    def demo(cls, name):
        """Return a demo record."""
        return cls.env.ref(f"{MODULE}.{name}")
