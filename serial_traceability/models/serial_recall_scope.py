from odoo import fields, models


class SerialRecallScope(models.Model):
    """One rule of which units a recall is about: those to which all of it applies.

    A unit falls under the recall where any of its rules fits, now or whenever it comes.
    Quality managers write rules of a draft; later ones may only be added.
    """

    _name = "serial.recall.scope"
    _description = "Scope of a Recall"
    _order = "id"

    recall_id = fields.Many2one(
        "serial.recall", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True)
