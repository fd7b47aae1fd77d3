"""The product of an issued number becomes a plain id: its run holds the product."""


def migrate(cr, version):
    """Keep what is known: the column holds the same ids under its new name."""
    if "product_id" not in _get_columns(cr):
        return
    cr.execute(
        "ALTER TABLE serial_number "
        "DROP CONSTRAINT IF EXISTS serial_number_product_id_fkey"
    )
    cr.execute("ALTER TABLE serial_number RENAME COLUMN product_id TO product_res_id")


def _get_columns(cr):
    cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema AND table_name = 'serial_number'"
    )
    return {row[0] for row in cr.fetchall()}
