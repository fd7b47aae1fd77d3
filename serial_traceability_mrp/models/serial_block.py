from odoo import api, fields, models
from odoo.fields import Domain


class SerialBlock(models.Model):
    _inherit = "serial.block"

    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Manufacturing orders with work here take their serials from this block.",
    )

    @api.onchange("workcenter_id")
    def _onchange_workcenter_id(self):
        if self.workcenter_id:
            self.line_name = self.workcenter_id.name

    @api.onchange("holder_kind")
    def _onchange_holder_kind(self):
        result = super()._onchange_holder_kind()
        if self.holder_kind != "line":
            self.workcenter_id = False
        return result

    @api.model
    def _get_handed_fields(self):
        return super()._get_handed_fields() | {"workcenter_id"}

    @api.model
    def _get_production_domain(self, workcenters, maker):
        """Return the domain of blocks that a line or contract manufacturer may use.

        :param workcenters: where the units are made.
        :param maker: the partner who makes them for us, empty where nobody does.
        """
        of_line = Domain("holder_kind", "=", "line")
        here = of_line & Domain("workcenter_id", "in", workcenters.ids)
        if not maker:
            return here
        of_maker = Domain("partner_id.commercial_partner_id", "=", maker.id)
        return here | (Domain("holder_kind", "!=", "line") & of_maker)
