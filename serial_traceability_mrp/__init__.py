from . import models
from . import wizard


def uninstall_hook(env):
    """Take away what Odoo does not know of: the guard of the genealogy."""
    env["serial.component"]._drop_seal()
