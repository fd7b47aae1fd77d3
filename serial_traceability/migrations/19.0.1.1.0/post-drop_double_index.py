def migrate(cr, version):
    """Drop the index on lines' serials that another one, by serial and event, covers;
    Odoo keeps an index that a field no longer asks for.
    """
    cr.execute("DROP INDEX IF EXISTS serial_event_line__lot_id_index")
