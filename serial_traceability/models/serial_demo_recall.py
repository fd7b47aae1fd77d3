from odoo import api, models
from odoo.fields import Command


class SerialDemoRecall(models.AbstractModel):
    """Lets the demo company recall goods: a mock recall that was run, and a real one
    in stop-ship, whose customers are still to be told.
    """

    _name = "serial.demo.recall"
    _inherit = "serial.demo"
    _description = "Recalls of the Demo Company"

    @api.model
    def _recall(self):
        """Run both; called once, by the build of the demo company."""
        mock = self._draft(
            "recall_mock",
            "nova_5",
            "B16C",
            title="Exercise: where are the phones of batch B16C?",
            kind="mock",
        )
        mock.action_stop_ship()
        for role in ("quality", "administrator"):
            closer = self._as(role)["serial.recall.closer"]
            closer._approve(
                mock.with_env(closer.env), "An exercise: nothing is collected"
            )
        self._draft(
            "recall_medicine",
            "cardiolex",
            "CX8",
            title="Cardiolex 20 mg: leaflet with a wrong dose",
            kind="recall",
            recall_class="2",
            hazard="Patients with weak kidneys may take twice what they should.",
            root_cause="The printer mixed up the leaflets of two strengths.",
            authority_reference="FAMHP 2026/1187",
        ).action_stop_ship()

    @api.model
    def _draft(self, name, product, batch, **values):
        """Return a draft about one batch, under a name for demo records."""
        env = self._as("quality")
        product = self._ref(f"product_demo_{product}")
        found = env["serial.batch"].search(
            [("name", "=", batch), ("product_id", "=", product.id)]
        )
        row = {
            "product_ids": [Command.set(product.ids)],
            "batch_ids": [Command.set(found.ids)],
        }
        recall = env["serial.recall"].create(
            {**values, "scope_ids": [Command.create(row)]}
        )
        self._name_record(name, recall)
        return recall
