from ..scanning.common import ScanCase


class RetirementCase(ScanCase):
    """Three phones in stock and a reason to end their lives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["A1", "A2", "A3"])
        cls.reason = cls.env.ref("serial_traceability.retirement_reason_damaged")

    def retire(self, lots, kind, note="", user=None):
        lots.with_user(user or self.quality_manager).retire(kind, self.reason.id, note)
        lots.invalidate_recordset()

    def in_stock(self, lots):
        """Return how many of the serials are in stock."""
        return self.env["stock.quant"].search_count(
            [
                ("lot_id", "in", lots.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", ">", 0),
            ]
        )
