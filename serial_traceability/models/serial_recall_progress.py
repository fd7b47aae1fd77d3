from odoo import fields, models
from odoo.tools import SQL

from .serial_recall_people import RECOVERED


class SerialRecallProgress(models.Model):
    """One step that one unit of a recall reached, with its time: what the chart of a
    recall's effectiveness counts. A report; nobody writes it.
    """

    _name = "serial.recall.progress"
    _description = "Progress of Recalls"
    _auto = False
    _order = "time, id"
    _rec_name = "recall_id"

    recall_id = fields.Many2one("serial.recall", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    unit_id = fields.Many2one("serial.recall.unit", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Holder", readonly=True)
    step = fields.Selection(
        [
            ("1_found", "Found"),
            ("2_contacted", "Contacted"),
            ("3_answered", "Answered"),
            ("4_recovered", "Recovered"),
        ],
        readonly=True,
    )
    time = fields.Datetime(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")

    _depends = {
        "serial.recall.unit": [
            "recall_id",
            "company_id",
            "product_id",
            "partner_id",
            "place",
            "quantity",
            "returned_quantity",
            "told_time",
            "answer_time",
            "outcome",
            "outcome_time",
        ]
    }

    @property
    def _table_query(self):
        """Return the statement behind the report: one row a unit and step."""
        return SQL(
            """
            SELECT unit.id * 4 + step.number AS id, unit.id AS unit_id, unit.recall_id,
                unit.company_id, unit.product_id, unit.partner_id,
                unit.quantity + COALESCE(unit.returned_quantity, 0) AS quantity,
                step.name AS step, step.time
            FROM serial_recall_unit unit
            JOIN serial_recall recall ON recall.id = unit.recall_id
            CROSS JOIN LATERAL (VALUES
                (0, '1_found', CASE WHEN unit.place <> 'unknown'
                    THEN COALESCE(unit.create_date, recall.create_date) END),
                (1, '2_contacted', LEAST(unit.told_time, unit.answer_time)),
                (2, '3_answered', unit.answer_time),
                (3, '4_recovered', CASE WHEN unit.outcome IN %s
                    THEN unit.outcome_time END)
            ) step (number, name, time)
            WHERE step.time IS NOT NULL
            """,
            RECOVERED,
        )
