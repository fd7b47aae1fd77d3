from odoo import api, fields, models
from odoo.tools import SQL


class SerialAnnounced(models.Model):
    """One serial that a supplier announced for a receipt.

    Announcing creates rows, scanning and validating check them off: ``expected``
    becomes ``scanned`` and ``received``; what a validated receipt did not bring is
    ``missing``, or goes on to the backorder where there is one. A serial that came
    without being announced gets a row, too, as ``surplus``. Operators announce and
    withdraw; states follow the receipt and are written by it alone.
    """

    _name = "serial.announced"
    _description = "Announced Serial"
    _order = "picking_id desc, state, product_id, name"

    name = fields.Char("Serial", required=True, readonly=True, index=True)
    picking_id = fields.Many2one(
        "stock.picking",
        "Receipt",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="picking_id.company_id", store=True, index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    batch_number = fields.Char("Batch", readonly=True)
    production_date = fields.Date(readonly=True)
    expiration_date = fields.Date("Expiry", readonly=True)
    state = fields.Selection(
        [
            ("missing", "Missing"),
            ("surplus", "Surplus"),
            ("expected", "Expected"),
            ("scanned", "Scanned"),
            ("received", "Received"),
        ],
        required=True,
        readonly=True,
        default="expected",
        index=True,
    )

    _serial_unique = models.Constraint(
        "UNIQUE (picking_id, product_id, name)",
        "This serial is already announced for this receipt.",
    )

    @api.model
    def _announce(self, picking, results):
        """Add to a receipt's list what ``results`` of the resolver say.

        :return: the new rows.
        """
        # Stands in for the right to write rows, which nobody has: they come from
        # announcements and receipts, whose rights are checked there.
        announced = self.sudo()
        keys = {(result["product_id"], result["serial"]) for result in results}
        surplus = announced.search(
            [
                ("picking_id", "=", picking.id),
                ("state", "=", "surplus"),
                ("name", "in", [name for _product_id, name in keys]),
            ]
        )
        # What came before it was announced is surplus no longer.
        surplus.filtered(lambda row: (row.product_id.id, row.name) in keys).unlink()
        rows = announced.create(
            [self._prepare_vals(picking, result) for result in results]
        )
        self._check_off(picking)
        return rows

    @api.model
    def _prepare_vals(self, picking, result, state="expected"):
        return {
            "picking_id": picking.id,
            "product_id": result["product_id"],
            "name": result["serial"],
            "batch_number": result["batch"],
            "production_date": result["production_date"],
            "expiration_date": result["expiration_date"],
            "state": state,
        }

    @api.model
    def _check_off(self, pickings):
        """Bring the lists of receipts up to what their lines say now.

        :param pickings: transfers, those without a list are left alone.
        """
        listed = self.sudo().search([("picking_id", "in", pickings.ids)]).picking_id
        if not listed:
            return
        self.env.flush_all()
        self._move_to_backorders(listed)
        self._update_states(listed)
        self._add_surplus(listed)
        self.invalidate_model(["state", "picking_id"])
        listed.invalidate_recordset(listed._announced_count_fields())

    @api.model
    def _move_to_backorders(self, pickings):
        """Let what a validated receipt did not bring go on to its backorder."""
        done = pickings.filtered(lambda picking: picking.state == "done")
        if not done:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH arrived AS MATERIALIZED (%(arrived)s)
                UPDATE serial_announced row SET picking_id = backorder.id
                FROM stock_picking backorder
                WHERE row.picking_id IN %(pickings)s
                  AND row.state IN ('expected', 'scanned')
                  AND backorder.backorder_id = row.picking_id
                  AND backorder.state NOT IN ('done', 'cancel')
                  AND NOT EXISTS (SELECT 1 FROM arrived WHERE arrived.is_done
                    AND arrived.picking_id = row.picking_id
                    AND arrived.product_id = row.product_id
                    AND arrived.name = row.name)
                """,
                pickings=tuple(done.ids),
                arrived=self._arrived_on(done),
            )
        )

    @api.model
    def _update_states(self, pickings):
        """Set each announced row's state by the lines of its receipt, at once.

        What stays as it is is not written.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH arrived AS MATERIALIZED (%(arrived)s), said AS (
                    SELECT listed.id, CASE
                        WHEN arrived.is_done THEN 'received'
                        WHEN receipt.state IN ('done', 'cancel') THEN 'missing'
                        WHEN arrived.name IS NOT NULL THEN 'scanned'
                        ELSE 'expected' END AS state
                    FROM serial_announced listed
                    JOIN stock_picking receipt ON receipt.id = listed.picking_id
                    LEFT JOIN arrived ON arrived.picking_id = listed.picking_id
                        AND arrived.product_id = listed.product_id
                        AND arrived.name = listed.name
                    WHERE listed.picking_id IN %(pickings)s
                      AND listed.state <> 'surplus'
                )
                UPDATE serial_announced row SET state = said.state FROM said
                WHERE row.id = said.id AND row.state <> said.state
                """,
                pickings=tuple(pickings.ids),
                arrived=self._arrived_on(pickings),
            )
        )

    @api.model
    def _arrived_on(self, pickings):
        """Return the query of all serials that are picked or done on receipts.

        Joined with the announced rows as a set: asked row by row, the lines of a
        receipt of thousands would be read thousands of times at each scan.
        """
        return SQL(
            """
            SELECT line.picking_id, line.product_id,
                COALESCE(lot.name, line.lot_name) AS name,
                bool_or(line.state = 'done') AS is_done
            FROM stock_move_line line
            LEFT JOIN stock_lot lot ON lot.id = line.lot_id
            WHERE line.picking_id IN %s AND line.quantity > 0
              AND (line.picked OR line.state = 'done')
            GROUP BY 1, 2, 3
            """,
            tuple(pickings.ids),
        )

    @api.model
    def _arrived(self):
        """Return the query that finds the move line of ``row``'s serial."""
        return SQL(
            """
            SELECT 1 FROM stock_move_line line
            LEFT JOIN stock_lot lot ON lot.id = line.lot_id
            WHERE line.picking_id = row.picking_id
              AND line.product_id = row.product_id
              AND line.quantity > 0 AND (line.picked OR line.state = 'done')
              AND COALESCE(lot.name, line.lot_name) = row.name
            """
        )

    @api.model
    def _add_surplus(self, pickings):
        """Give what came unannounced a row, and take it from what went again.

        Only products that have a list on their receipt can have a surplus.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM serial_announced row
                WHERE row.state = 'surplus' AND row.picking_id IN %(pickings)s
                  AND NOT EXISTS (%(picked)s)
                """,
                pickings=tuple(pickings.ids),
                picked=self._arrived(),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO serial_announced
                    (picking_id, company_id, product_id, name, batch_number,
                     expiration_date, state, create_uid, create_date, write_uid,
                     write_date)
                SELECT DISTINCT ON (line.picking_id, line.product_id, serial.name)
                    line.picking_id, receipt.company_id, line.product_id, serial.name,
                    batch.name, batch.expiration_date, 'surplus', %(user)s, %(now)s,
                    %(user)s, %(now)s
                FROM stock_move_line line
                JOIN stock_picking receipt ON receipt.id = line.picking_id
                LEFT JOIN stock_lot lot ON lot.id = line.lot_id
                LEFT JOIN serial_batch batch
                    ON batch.id = COALESCE(line.serial_batch_id, lot.batch_id)
                CROSS JOIN LATERAL
                    (SELECT COALESCE(lot.name, line.lot_name) AS name) serial
                WHERE line.picking_id IN %(pickings)s
                  AND (line.picked OR line.state = 'done') AND line.quantity > 0
                  AND serial.name IS NOT NULL
                  AND EXISTS (SELECT 1 FROM serial_announced listed
                      WHERE listed.picking_id = line.picking_id
                        AND listed.product_id = line.product_id
                        AND listed.state <> 'surplus')
                ON CONFLICT (picking_id, product_id, name) DO NOTHING
                """,
                pickings=tuple(pickings.ids),
                user=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    @api.model
    def _check_may_withdraw(self):
        """Refuse who may not announce. Bridges let others."""
        self.env["serial.resolver"]._check_operator()

    def action_withdraw(self):
        """Take announced serials off the list that have not come yet."""
        self._check_may_withdraw()
        self.check_access("read")
        # Stands in for the right to delete rows, which nobody has: see _announce.
        self.sudo().filtered(lambda row: row.state in ("expected", "missing")).unlink()
