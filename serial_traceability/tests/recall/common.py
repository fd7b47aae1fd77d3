from odoo.fields import Command

from ..common import SerialCase


class RecallCase(SerialCase):
    """Phones and cables in stock and with a customer, and a quality manager who
    recalls them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {
                "name": "B-17",
                "product_id": cls.phone.id,
                "production_date": "2026-05-04",
            }
        )
        cls.phones = cls.receive(cls.phone, ["SN0001", "SN0002", "SN0003", "SN0004"])
        cls.first_receipt = cls.receipt
        cls.correct(cls.phones[:2], batch_id=cls.batch.id)

    @classmethod
    def correct(cls, lots, **values):
        lots.with_user(cls.quality_manager).correct(values, "Misread")

    @classmethod
    def draft(cls, *rows, **values):
        """Return a draft recall, as the quality manager, with rows of scope."""
        return (
            cls.env["serial.recall"]
            .with_user(cls.quality_manager)
            .create(
                {
                    "title": "Overheats",
                    "scope_ids": [Command.create(row) for row in rows],
                    **values,
                }
            )
        )

    @classmethod
    def stop(cls, *rows, **values):
        """Return a recall in stop-ship."""
        recall = cls.draft(*rows, **values)
        recall.action_stop_ship_anyway()
        return recall

    def find(self, recall):
        """Return the serials and lots that a recall's scope is about."""
        self.env.flush_all()
        finder = self.env["serial.recall.finder"]
        rows = self.env.execute_query(finder._get_query(recall.scope_ids))
        return self.env["stock.lot"].browse(sorted(row[0] for row in rows))
