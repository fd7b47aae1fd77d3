"""The index over lot and event serves what looks for a lot's event lines, too."""


def migrate(cr, version):
    """Drop the index that does the same."""
    cr.execute("DROP INDEX IF EXISTS serial_event_line__lot_id_index")
