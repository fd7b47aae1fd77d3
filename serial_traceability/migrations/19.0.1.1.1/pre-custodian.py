"""Who has a serial becomes a plain id: merging contacts rewrote every serial."""


def migrate(cr, version):
    """Keep what is known: the column holds the same ids under its new name."""
    columns = _get_columns(cr)
    if "custodian_id" not in columns:
        return
    if "custodian_res_id" not in columns:
        cr.execute(
            "ALTER TABLE stock_lot RENAME COLUMN custodian_id TO custodian_res_id"
        )
        return
    # A database that was upgraded while 19.0.1.1.0 was being made.
    cr.execute(
        "UPDATE stock_lot SET custodian_res_id = "
        "custodian_id || COALESCE(custodian_res_id, '{}') "
        "WHERE custodian_id IS NOT NULL"
    )
    cr.execute("ALTER TABLE stock_lot DROP COLUMN custodian_id")


def _get_columns(cr):
    cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema AND table_name = 'stock_lot'"
    )
    return {row[0] for row in cr.fetchall()}
