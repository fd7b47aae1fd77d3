"""Who has a serial becomes a plain id: merging contacts rewrote every serial."""


def migrate(cr, version):
    """Keep what is known: the column holds the same ids under its new name."""
    cr.execute("ALTER TABLE stock_lot RENAME COLUMN custodian_id TO custodian_res_id")
