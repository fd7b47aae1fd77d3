from odoo import api, fields, models
from odoo.tools import SQL

from .. import name_index

#: Lots from which on their names' index is kept by large portions.
_MANY = 1000
#: What follows from which lots are locked, by model; none of it is stored.
_FOLLOWING = {
    "product.product": ["free_qty", "virtual_available"],
    "product.template": ["virtual_available"],
    "stock.quant": ["available_quantity"],
    "stock.move": [
        "availability", "forecast_availability", "forecast_expected_date",
    ],
    "sale.order.line": [
        "free_qty_today", "virtual_available_at_date", "forecast_expected_date",
    ],
}  # fmt: skip


class SerialLock(models.AbstractModel):
    """Locks serials and lots by placing holds, and frees them by lifting these.

    In bulk: a constant number of queries, whatever the number of units. Callers check
    the user's right to what they ask for.
    """

    _name = "serial.lock"
    _description = "Lock on Serials"

    @api.model
    def _place(self, lots, reason, *, severity=None, note=None, recall=None):
        """Place one hold on each of ``lots``, break what is reserved of them and tell
        the ledger, all in this transaction.

        A lot that the same recall holds already gets no second hold.

        :param lots: serials or lots.
        :param reason: a ``serial.hold.reason``.
        :param severity: of the reason where it is left out.
        :param note: details, as text.
        :param recall: the ``serial.recall`` that places them.
        :return: the number of holds placed.
        """
        if recall:
            self = self.with_company(recall.company_id)
        self._lock_rows(lots.ids)
        if len(lots) > _MANY:
            name_index.put_aside(self.env.cr)
        held = self._insert(lots, reason, severity, note, recall)
        # What the ledger is told locks serials, too, in the statement that writes their
        # state; what is left is marked then.
        self._tell_placed(held, reason, note, recall)
        self._mark(held.ids)
        self.env["serial.unreserver"]._free(held)
        # Also where nothing was reserved: another transaction may be about to.
        self.env["serial.substitution"]._trigger()
        return len(held)

    @api.model
    def _tell_placed(self, lots, reason, note, recall):
        """Write on the ledger that lots are held."""
        # In the language of the database: the ledger has one for all.
        name = reason.with_context(lang="en_US").name
        self.env["serial.lifecycle"]._record(
            lots,
            "hold",
            document=recall,
            reason=": ".join(filter(None, [name, (note or "").strip()])),
            disposition=reason.disposition,
        )

    @api.model
    def _lift(self, holds, reason):
        """Lift open holds and free the lots on which none is left, and tell the ledger.

        :param holds: of ``serial.hold``.
        :param reason: why, as text.
        :return: the lots that are free now.
        """
        lots = holds.lot_id
        self._lock_rows(lots.ids)
        holds.invalidate_recordset(["state"])
        holds = holds.filtered(lambda hold: hold.state == "open")
        holds._note(
            {
                "state": "lifted",
                "lifted_by_id": self.env.uid,
                "lifted_time": fields.Datetime.now(),
                "lift_reason": reason,
            }
        )
        holds.flush_recordset()
        lots = holds.lot_id
        self._mark(lots.ids)
        free = lots.filtered(lambda lot: not lot.is_locked)
        self._tell_lifted(holds, free, reason)
        self.env["serial.substitution"]._seek_for_freed(free)
        return free

    @api.model
    def _tell_lifted(self, holds, free, reason):
        """Write on the ledger that holds are lifted: what no other hold stops is again
        what it was before it was held, the rest what its last hold says.
        """
        lifecycle = self.env["serial.lifecycle"]
        standing = (holds.lot_id - free)._get_open_holds()
        held = {
            lot_id: left.sorted("id")[-1].reason_id.disposition
            for lot_id, left in standing.items()
        }
        for recall, group in holds.grouped("recall_id").items():
            lots = group.lot_id
            lifecycle._record(
                lots,
                "release",
                document=recall,
                reason=reason,
                disposition=held | lifecycle._read_dispositions(lots & free),
            )

    @api.model
    def _lock_rows(self, lot_ids):
        """Wait for who moves these lots now, and let others wait for us.

        Sorted, so that two who lock do not wait for each other; ``FOR NO KEY UPDATE``,
        so that new rows that refer to a lot do not wait at all.
        """
        self.env["stock.lot"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM stock_lot WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                list(lot_ids),
            )
        )

    @api.model
    def _insert(self, lots, reason, severity, note, recall):
        """Insert holds; return the lots that got one.

        Who placed them stands on them once: PostgreSQL looks up every user that a row
        names.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO serial_hold (lot_id, product_id, reason_id, severity, note,
                    recall_id, state, placed_by_id, placed_time, company_id,
                    create_date, write_date)
                SELECT lot.id, lot.product_id, %(reason)s, %(severity)s, %(note)s,
                    %(recall)s, 'open', %(user)s, %(now)s,
                    COALESCE(lot.company_id, %(company)s),
                    %(now)s, %(now)s
                FROM stock_lot lot
                WHERE lot.id = ANY(%(lots)s) AND NOT EXISTS (
                    SELECT 1 FROM serial_hold hold WHERE hold.lot_id = lot.id
                    AND hold.state = 'open' AND hold.recall_id = %(recall)s)
                ORDER BY lot.id
                RETURNING lot_id
                """,
                reason=reason.id,
                severity=severity or reason.severity,
                note=note or None,
                recall=recall.id if recall else None,
                user=self.env.uid,
                now=fields.Datetime.now(),
                company=self.env.company.id,
                lots=list(lots.ids),
            )
        )
        self.env["serial.hold"].invalidate_model()
        return lots.browse(row[0] for row in rows)

    @api.model
    def _mark(self, lot_ids):
        """Bring the flag of lots up to their holds: what every movement looks at."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_lot lot SET is_locked = held.is_locked
                FROM (
                    SELECT id, EXISTS (SELECT 1 FROM serial_hold hold
                        WHERE hold.lot_id = stock_lot.id AND hold.state = 'open')
                        AS is_locked
                    FROM stock_lot WHERE id = ANY(%s)
                ) held
                WHERE lot.id = held.id AND lot.is_locked IS DISTINCT FROM held.is_locked
                """,
                list(lot_ids),
            )
        )
        lots = self.env["stock.lot"].browse(lot_ids)
        lots.invalidate_recordset(["is_locked", "hold_ids"], flush=False)
        self._after_change(lot_ids)

    @api.model
    def _after_change(self, lot_ids):
        """Have computed anew what follows from which lots are locked: what is free,
        what is forecast and what has to be ordered.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT product_id FROM stock_lot WHERE id = ANY(%s)",
                list(lot_ids),
            )
        )
        for model, names in _FOLLOWING.items():
            self.env[model].invalidate_model(names, flush=False)
        products = self.env["product.product"].browse(row[0] for row in rows)
        self.env["stock.warehouse.orderpoint"]._recompute_for(products)
