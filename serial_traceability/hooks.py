"""What installing and uninstalling do beyond Odoo's own part."""


def post_init_hook(env):
    """Offer what a database that has lived before has to do; do none of it here."""
    if env["serial.history.import"]._look_for_past():
        env.ref("serial_traceability.todo_history_import").state = "open"
    if not env["serial.duplicate"]._add_guard():
        env.ref("serial_traceability.todo_duplicates").state = "open"


def uninstall_hook(env):
    """Take away what Odoo does not know of: the ledger's triggers and the guard, and
    what keeps it from deleting our reasons, which it does before it drops our tables.
    """
    env["serial.event"]._drop_seal()
    env["serial.duplicate"]._drop_guard()
    env["serial.hold.reason"]._drop_references()
