from odoo import api, models
from odoo.fields import Command


class SerialDemoRecall(models.AbstractModel):
    """Lets the demo company recall goods: a mock recall that was run, and a real one
    whose customers were told and have answered in part.
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
        recall = self._draft(
            "recall_medicine",
            "cardiolex",
            "CX8",
            title="Cardiolex 20 mg: leaflet with a wrong dose",
            kind="recall",
            recall_class="2",
            hazard="Patients with weak kidneys may take twice what they should.",
            root_cause="The printer mixed up the leaflets of two strengths.",
            instruction="Dispense none of these packs. Keep them apart; we fetch them.",
            authority_reference="FAMHP 2026/1187",
        )
        recall.action_stop_ship()
        recall.action_recall()
        self._tell(recall.sudo())

    @api.model
    def _tell(self, recall):
        """Tell customers, as if the mail server had taken the mails; let them answer
        for some of their units, and call one of them.
        """
        notifier = self.env["serial.recall.notifier"]
        mails = notifier._hand_over().mail_id
        mails.write({"state": "sent"})
        notifier._hear(mails)
        for notice in recall.notice_ids:
            units = notice.unit_ids
            notice._answer({("has", ""): units[:2]}, "page")
            note = "to the pharmacy at the station"
            notice._answer({("sold_on", note): units[2:3]}, "page")
        if mails:
            samples = self._as("quality")["serial.recall.sample"]
            sample = samples._draw(recall.with_env(samples.env), 5, "demo")
            sample.check_ids[:1].with_env(self._as("service")).write(
                {"outcome": "understood", "note": "Has put them aside."}
            )

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
