import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .serial_recall_preview import LIVE

_logger = logging.getLogger(__name__)

#: Units that are held in the request of the user; more in the background.
AT_ONCE = 1000
#: Units after which the progress is told.
_PIECE = 10_000
#: How long the job waits for whoever moves a unit that is to be held.
_PAUSE = timedelta(minutes=1)
#: How much PostgreSQL may put aside before it sorts serials that are written into the
#: indexes by which parts of their numbers are found.
_PUT_ASIDE = "32MB"


class SerialRecallLocker(models.AbstractModel):
    """Holds what recalls are about: at stop-ship, and whenever more comes.

    Callers check the user's right to the step. From the state on the scope itself
    refuses, so that holding may take its time: it is done in one transaction, and done
    again from the start where that was broken off.
    """

    _name = "serial.recall.locker"
    _description = "Holding of Recalled Units"
    _inherit = ["serial.job"]

    # ---- At stop-ship ----

    @api.model
    def _begin(self, recall):
        """Hold all units of a recall; of a mock recall, only find them.

        Many units are held by a job after the commit.
        """
        if recall.kind == "mock":
            self.env["serial.recall.exercise"]._run(recall)
            return
        lot_ids = self.env["serial.recall.finder"]._find_unheld(recall)
        run = self._create_run(recall, len(lot_ids))
        if len(lot_ids) > AT_ONCE:
            recall._note({"locked_time": False})
            self._stop_moving(lot_ids)
            self._trigger()
            return
        self._hold(recall, lot_ids)
        self._finish(recall, run, len(lot_ids))

    @api.model
    def _trigger(self, at=None):
        # Stands in for the right to run a scheduled action, which comes with the step.
        self.env.ref("serial_traceability.cron_serial_recall").sudo()._trigger(at)

    @api.model
    def _stop_moving(self, lot_ids):
        """Touch the lots that open transfers are about to move: who began to ship one
        before this commit, and so knows of no recall, is refused by PostgreSQL (40001),
        tried again by Odoo, and then meets the scope.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_lot SET write_date = write_date WHERE id IN (
                    SELECT lot.id FROM stock_lot lot WHERE lot.id IN (
                        SELECT ml.lot_id FROM stock_move_line ml
                        WHERE ml.lot_id = ANY(%s)
                        AND ml.state NOT IN ('done', 'cancel'))
                    ORDER BY lot.id FOR NO KEY UPDATE)
                """,
                list(lot_ids),
            )
        )

    @api.model
    def _create_run(self, recall, count):
        # Stands in for writing how far a run is, which the run alone does.
        runs = self.env["serial.recall.run"].sudo()
        return runs.create(
            {"recall_id": recall.id, "kind": "lock", "unit_count": count}
        )

    @api.model
    def _finish(self, recall, run, count):
        run._note({"state": "done", "done_count": count})
        recall._note({"locked_time": fields.Datetime.now()})

    @api.model
    def _hold(self, recall, lot_ids, run=None):
        """Enter units and place a hold of a recall on each, in this transaction.

        Where they are is entered first: holding takes them off their orders.

        :param run: told how far it is.
        """
        if not lot_ids:
            return
        # Stands in for holding on behalf of who stopped the units, whatever else they
        # may do: the step's right was checked.
        self = self.with_company(recall.company_id).sudo()
        self.env.cr.execute(SQL("SET LOCAL gin_pending_list_limit = %s", _PUT_ASIDE))
        self.env["serial.recall.impact"]._enter(recall, lot_ids)
        lots = self.env["stock.lot"]
        for start in range(0, len(lot_ids), _PIECE):
            piece = lots.browse(lot_ids[start : start + _PIECE])
            self.env["serial.lock"]._place(piece, recall.hold_reason_id, recall=recall)
            if run:
                self._report(run, min(start + _PIECE, len(lot_ids)))

    @api.model
    def _report(self, run, count):
        """Tell how many units are held, outside the transaction that holds them."""
        with self.env.registry.cursor() as cr:
            env = self.with_env(self.env(cr=cr)).env
            cr.execute(
                SQL(
                    "UPDATE serial_recall_run SET done_count = %(count)s, "
                    "done_percent = 100.0 * %(count)s / NULLIF(unit_count, 0) "
                    "WHERE id = %(run)s",
                    count=count,
                    run=run.id,
                )
            )
            recall = env["serial.recall"].browse(run.recall_id.id)
            recall.user_id.partner_id._bus_send(
                "simple_notification",
                {
                    "title": recall.display_name,
                    "message": self.env._(
                        "%(count)s of %(total)s units are held.",
                        count=count,
                        total=run.unit_count,
                    ),
                    "type": "info",
                },
            )

    # ---- In the background ----

    @api.model
    def _cron_hold(self):
        """Hold what live recalls are about and nobody held yet: what is too much for
        a request, what was broken off, and what slipped in while a recall began.
        """
        self._try(self._free_cancelled)
        self.env["ir.cron"]._commit_progress()
        recalls = self.env["serial.recall"].search(
            [("state", "in", LIVE), ("kind", "!=", "mock")]
        )
        for recall in recalls:
            try:
                self._hold_rest(recall)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("%s is held later: others were in the way.", recall)
                self._trigger(fields.Datetime.now() + _PAUSE)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("%s could not be held.", recall)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _free_cancelled(self):
        """Lift holds that were being placed while their recall was cancelled: neither
        saw the other.
        """
        holds = self.env["serial.hold"].search(
            [("recall_id.state", "=", "cancelled"), ("state", "=", "open")]
        )
        for recall, lost in holds.grouped("recall_id").items():
            self.env["serial.lock"]._lift(lost, recall.cancel_reason)

    @api.model
    def _hold_rest(self, recall):
        """Hold all that a recall never held, in one transaction of its own."""
        lot_ids = self.env["serial.recall.finder"]._find_unheld(recall)
        run = recall.sudo().run_ids.filtered(
            lambda each: each.kind == "lock" and each.state == "running"
        )[:1]
        if not lot_ids and not run and recall.locked_time:
            return
        began = recall.stop_ship_by_id or self.env.user
        if not run:
            run = self.with_user(began)._create_run(recall, len(lot_ids))
        # Others see the run, and its progress, from here on.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        worker = self.with_user(began)
        worker._try(lambda: worker._hold(recall, lot_ids, run))
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self._finish(recall, run, len(lot_ids))
        recall.invalidate_recordset(["state"])
        if recall.state not in LIVE:
            self._trigger()

    # ---- What comes later ----

    @api.model
    def _catch(self, lot_ids):
        """Hold those of some lots that a live recall is about, and note where those
        are that it knows. One query where none is live.
        """
        scopes = lot_ids and self.env["serial.recall"]._get_live_scopes()
        if not scopes:
            return
        self._note_moved(lot_ids)
        found = self.env["serial.recall.finder"]._find_new(lot_ids)
        while found:
            for recall_id in sorted(set(found.values())):
                recall = scopes.recall_id.browse(recall_id)
                caught = sorted(lot for lot, each in found.items() if each == recall_id)
                self._hold(recall, caught)
                recall._tell_caught(caught)
            # Another recall may be about the same units.
            found = self.env["serial.recall.finder"]._find_new(lot_ids)

    @api.model
    def _note_moved(self, lot_ids):
        """Bring up to date where those of some lots are that live recalls know."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT unit.recall_id, array_agg(DISTINCT unit.lot_id) "
                "FROM serial_recall_unit unit "
                "JOIN serial_recall recall ON recall.id = unit.recall_id "
                "WHERE unit.lot_id = ANY(%s) AND recall.state = ANY(%s) "
                "AND recall.kind <> 'mock' GROUP BY 1",
                list(lot_ids),
                list(LIVE),
            )
        )
        # Stands in for seeing recalls of a company that the user cannot read.
        recalls = self.env["serial.recall"].sudo()
        for recall_id, known in rows:
            self.env["serial.recall.impact"]._enter(recalls.browse(recall_id), known)
