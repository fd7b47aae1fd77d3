from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import sample as rules


class SerialRecallSample(models.Model):
    """One random sample of notified customers who are called to see whether a recall
    reached them.

    Drawn once by a quality manager, with what is needed to draw it again: the seed, and
    the notices it was drawn from. Never changed.
    """

    _name = "serial.recall.sample"
    _description = "Sample of Notified Customers"
    _order = "id desc"
    _rec_name = "drawn_time"

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    seed = fields.Char(required=True, readonly=True)
    size = fields.Integer("Asked For", required=True, readonly=True)
    population = fields.Text(
        "Drawn From", required=True, readonly=True, help="Ids of the notices"
    )
    population_count = fields.Integer("Of", required=True, readonly=True)
    drawn_time = fields.Datetime("Drawn", required=True, readonly=True)
    drawn_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    check_ids = fields.One2many("serial.recall.check", "sample_id", readonly=True)

    @api.model
    def _draw(self, recall, size, seed):
        """Draw a sample of those customers of a recall who were told and not called
        yet; return it.

        :param size: how many; all where there are no more.
        :param seed: unpredictable text.
        :raises UserError: where there is nobody to draw, or nobody is to be drawn.
        """
        population = self._get_population(recall)
        if size < 1 or not population:
            raise UserError(
                self.env._(
                    "%(recall)s: there is nobody to draw. Choose a size of one or "
                    "more, and wait until notices are sent.",
                    recall=recall.display_name,
                )
            )
        # Stands in for keeping the record, which nobody writes but this.
        sample = self.sudo().create(
            {
                "recall_id": recall.id,
                "company_id": recall.company_id.id,
                "seed": seed,
                "size": size,
                "population": ",".join(map(str, population.ids)),
                "population_count": len(population),
                "drawn_time": fields.Datetime.now(),
                "drawn_by_id": self.env.uid,
            }
        )
        drawn = rules.draw(seed, population.ids, size)
        self.env["serial.recall.check"].sudo().create(
            [
                {
                    "sample_id": sample.id,
                    "recall_id": recall.id,
                    "company_id": recall.company_id.id,
                    "notice_id": notice_id,
                }
                for notice_id in drawn
            ]
        )
        recall._tell([("sample", None, f"{len(drawn)} of {len(population)}: {seed}")])
        return sample.sudo(False)

    @api.model
    def _get_population(self, recall):
        """Return the notices that a sample may be drawn from."""
        return self.env["serial.recall.notice"].search(
            [
                ("recall_id", "=", recall.id),
                ("mailing_ids.state", "=", "sent"),
                ("check_ids", "=", False),
            ],
            order="id",
        )
