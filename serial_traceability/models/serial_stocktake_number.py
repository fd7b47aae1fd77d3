from odoo import api, fields, models
from odoo.exceptions import UserError


class SerialStocktakeNumber(models.Model):
    """One number collected for a unit that has none yet, at the place where it stands.

    Written by scanning, by issuing and by moving on to another place; removed by
    operators as long as the stocktake is open. The switch makes it a serial, and then
    it never changes.
    """

    _name = "serial.stocktake.number"
    _description = "Number in a Stocktake of Serials"
    _order = "stocktake_id desc, line_id, name"

    name = fields.Char("Number", required=True, readonly=True, index=True)
    line_id = fields.Many2one(
        "serial.stocktake.line",
        "Place",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    stocktake_id = fields.Many2one(
        related="line_id.stocktake_id", store=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    batch_number = fields.Char("Batch", readonly=True)
    production_date = fields.Date(readonly=True)
    expiration_date = fields.Date("Expiry", readonly=True)
    issued = fields.Boolean(
        readonly=True, help="We issued the number; otherwise it was on the unit."
    )
    scan_uuid = fields.Char("Scan UUID", readonly=True, index="btree_not_null")
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _number_unique = models.Constraint(
        "UNIQUE (stocktake_id, product_id, name)",
        "This number was already collected for this product.",
    )

    @api.model
    def _collect(self, line, results, *, issued=False):
        """Keep numbers for a place; those collected elsewhere come over to it.

        Constant queries a thousand numbers.

        :param line: the place.
        :param results: dictionaries of the resolver, none of them wrong.
        :return: the numbers.
        """
        # Stands in for the right to write numbers, which nobody has by hand: they
        # come from scanning and issuing, whose rights are checked there.
        numbers = self.sudo().search(
            [
                ("stocktake_id", "=", line.stocktake_id.id),
                ("product_id", "=", line.product_id.id),
                ("name", "in", [result["serial"] for result in results]),
            ]
        )
        numbers.line_id = line
        known = set(numbers.mapped("name"))
        return numbers | numbers.create(
            [
                {
                    "line_id": line.id,
                    "name": result["serial"],
                    "batch_number": result["batch"],
                    "production_date": result["production_date"],
                    "expiration_date": result["expiration_date"],
                    "issued": issued,
                }
                for result in results
                if result["serial"] not in known
            ]
        )

    def action_remove(self):
        """Take numbers off the list of an open stocktake."""
        self.env["serial.resolver"]._check_operator()
        self.check_access("read")
        for stocktake in self.stocktake_id:
            stocktake._ensure_collecting()
        self.stocktake_id._keep_open()
        # Stands in for the right to delete rows, which nobody has: see _collect.
        self.sudo().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        assigned = self.filtered("lot_id")
        if assigned:
            raise UserError(
                self.env._(
                    "Number %(number)s belongs to a serial now and cannot be removed.",
                    number=assigned[0].name,
                )
            )

    def _get_unit(self):
        """Return the number as the resolver's results have units."""
        self.ensure_one()
        return {
            "serial": self.name,
            "batch": self.batch_number or False,
            "production_date": self.production_date,
            "expiration_date": self.expiration_date,
        }
