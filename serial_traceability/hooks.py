"""What installing and uninstalling do beyond Odoo's own part."""


def uninstall_hook(env):
    """Take away what Odoo does not know of: the ledger's triggers and the guard."""
    env["serial.event"]._drop_seal()
    env["stock.lot"]._drop_uniqueness_guard()
