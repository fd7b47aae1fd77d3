"""A serial's production date becomes its own; until now it was read from the batch."""


def migrate(cr, version):
    """Give each serial the date that it showed."""
    cr.execute(
        """
        UPDATE stock_lot lot SET production_date = batch.production_date
        FROM serial_batch batch
        WHERE batch.id = lot.batch_id
            AND batch.production_date IS NOT NULL
            AND lot.production_date IS NULL
        """
    )
