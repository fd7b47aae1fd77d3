import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, float_round

from ..core.movement import HELD, get_holder

#: Lines read, written and committed at once. Bounds memory, the size of one event,
#: and how long a correction of a past transfer has to wait.
BATCH_SIZE = 5000
#: After how many lines PostgreSQL first looks at how the ledger has grown.
_FIRST = 2 * BATCH_SIZE
#: What the job walks through, and what comes next.
_NEXT_PHASE = {"picking": "move", "move": "serial"}


class SerialHistoryImport(models.Model):
    """The job that writes what a database did before the addon came onto the ledger.

    There is one row. An administrator starts and stops it; a scheduled action does
    the work in batches, each committed with the place it reached, so that a stop, a
    crash or a restart loses one batch at most and doubles nothing. It walks through
    the documents by id, transfers first, and tells of every done move line that no
    event tells of yet. What it writes is marked as imported: nobody witnessed it. At
    the end each serial is brought up to its last event, once, because writing it for
    every event would cost more than the events.
    """

    _name = "serial.history.import"
    _description = "Import of the Past"
    _inherit = ["serial.job"]

    state = fields.Selection(
        [
            ("draft", "Not Started"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    phase = fields.Selection(
        [
            ("picking", "Transfers"),
            ("move", "Moves without transfer"),
            ("serial", "State of serials"),
        ],
        default="picking",
        required=True,
        readonly=True,
    )
    reached_document = fields.Integer(readonly=True)
    reached_line = fields.Integer(readonly=True)
    reached_time = fields.Datetime(
        "Imported Up To", readonly=True, help="When the last imported document moved."
    )
    line_total = fields.Integer("Lines", readonly=True)
    line_done = fields.Integer("Lines Imported", readonly=True)
    work_seconds = fields.Float("Seconds Worked", readonly=True)
    start_time = fields.Datetime("Started", readonly=True)
    end_time = fields.Datetime("Finished", readonly=True)
    percent = fields.Float(compute="_compute_progress")
    rate = fields.Integer("Lines a Second", compute="_compute_progress")
    seconds_left = fields.Integer(compute="_compute_progress")
    minutes_left = fields.Integer(compute="_compute_progress")

    _one_row = models.UniqueIndex("((TRUE))", "The past is imported by one job.")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Import of the Past")

    @api.depends("state", "line_total", "line_done", "work_seconds")
    def _compute_progress(self):
        for job in self:
            done, total = job.line_done, max(job.line_total, job.line_done)
            share = min(100 * done / total, 99) if total else 0
            job.percent = 100 if job.state == "done" else float_round(share, 1)
            job.rate = done / job.work_seconds if job.work_seconds else 0
            job.seconds_left = (total - done) / job.rate if job.rate else 0
            job.minutes_left = -(-job.seconds_left // 60)

    # ---- For administrators ----

    @api.model
    def action_open(self):
        """Open the job."""
        self._check_administrator()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import of the Past"),
            "res_model": self._name,
            "res_id": self._get_job().id,
            "views": [(False, "form")],
        }

    def action_start(self):
        """Start or go on; the scheduled action does the rest."""
        self._check_administrator()
        job = self._get_job()
        if job.state in ("draft", "stopped"):
            left = self._count_past()
            job.write(
                {
                    "state": "running",
                    "start_time": job.start_time or fields.Datetime.now(),
                    "line_total": job.line_done + left,
                }
            )
            self._trigger()

    def action_stop(self):
        """Stop after the batch that is being written."""
        self._check_administrator()
        job = self._get_job()
        if job.state == "running":
            job.state = "stopped"

    def action_restart(self):
        """Look through all documents again, for lines that came in behind the job."""
        self._check_administrator()
        job = self._get_job()
        if job.state == "running":
            raise UserError(self.env._("The import is running. Stop it first."))
        job.write(
            {
                "state": "draft",
                "phase": "picking",
                "reached_document": 0,
                "reached_line": 0,
                "end_time": False,
            }
        )
        self.action_start()

    def action_refresh(self):
        """Show how far the job has come: the web client reads the record anew."""
        return None

    @api.model
    def _check_administrator(self):
        if not self.env.user.has_group(
            "serial_traceability.group_serial_administrator"
        ):
            raise AccessError(
                self.env._(
                    "Only an administrator of Serial Traceability may import the "
                    "past. Ask one to do it."
                )
            )

    @api.model
    def _trigger(self):
        # Stands in for the right to run a scheduled action, which comes with being
        # an administrator of this addon.
        self.env.ref("serial_traceability.cron_history_import").sudo()._trigger()

    # ---- For the timeline and the trace ----

    @api.model
    def _get_progress(self):
        """Return how far the past is on the ledger.

        :return: dictionary of ``state`` (``none`` where there is no past to import),
            ``percent``, ``done`` and ``total`` lines, ``rate`` in lines a second,
            ``seconds_left`` and ``reached_time``, UTC, False before the first batch.
        """
        job = self._get_job()
        never_started = job.state == "done" and not job.start_time
        return {
            "state": "none" if never_started else job.state,
            "percent": job.percent,
            "done": job.line_done,
            "total": job.line_total,
            "rate": job.rate,
            "seconds_left": job.seconds_left,
            "reached_time": job.reached_time,
        }

    @api.model
    def _look_for_past(self):
        """Return whether there is a past to import; the job is done where there is
        none. Asked once, on installation: finding nothing means reading every line.
        """
        if self._has_past():
            return True
        self._get_job().state = "done"
        return False

    @api.model
    def _get_job(self):
        """Return the one job."""
        # Stands in for writing the job, which its own actions do and no user.
        return self.env.ref("serial_traceability.history_import").sudo()

    # ---- What is left ----

    @api.model
    def _get_past(self):
        """Return the SQL condition of done move lines that no event tells of."""
        return SQL(
            "ml.state = 'done' AND ml.lot_id IS NOT NULL "
            "AND ml.quantity_product_uom <> 0 AND NOT EXISTS ("
            "SELECT 1 FROM serial_event_line told WHERE told.move_line_res_id = ml.id)"
        )

    @api.model
    def _has_past(self):
        rows = self.env.execute_query(
            SQL("SELECT 1 FROM stock_move_line ml WHERE %s LIMIT 1", self._get_past())
        )
        return bool(rows)

    @api.model
    def _count_past(self):
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM stock_move_line ml WHERE %s", self._get_past())
        )
        return rows[0][0]

    def _keep_out(self):
        """Have a batch that is being written fail, and be tried again, because this
        transaction tells of past lines by itself.

        Each of the two sees the database as it was when it began, so neither would
        find what the other writes. Both write the job's row: PostgreSQL lets the
        second one fail, and it starts again.
        """
        self.env.cr.execute("UPDATE serial_history_import SET state = state")

    @api.model
    def _tell_past(self, lots):
        """Tell now what is not told yet of these serials, as they are before a change.

        Told later, their past would carry the new number.
        """
        movements = self.env["serial.movement"]
        movements._ensure_recorded(
            movements._fetch(
                SQL("ml.lot_id = ANY(%s) AND %s", lots.ids, self._get_past())
            )
        )

    # ---- The work ----

    @api.model
    def _cron_import(self):
        """Import batches until the past, the time or the order to go on ends."""
        job = self._get_job()
        while job.state == "running":
            before = job.line_done
            self._try_batch()
            left = max(job.line_total - job.line_done, int(job.state == "running"))
            if not self.env["ir.cron"]._commit_progress(
                job.line_done - before, remaining=left
            ):
                break
            job.invalidate_recordset()
        if job.state != "running":
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _try_batch(self):
        """Import a batch, again where another transaction wrote the same serials."""
        self._try(lambda: self._get_job()._import_batch())

    def _import_batch(self):
        """Do the next piece of work, and note how far that was."""
        if self.state != "running":
            return
        began = time.monotonic()
        self.env.flush_all()
        found = self._next_serials() if self.phase == "serial" else self._next_lines()
        if not found:
            self._enter_next_phase()
            return
        if self.phase == "serial":
            reached = self._import_states(found)
        else:
            reached = self._import_lines(found)
        reached["work_seconds"] = self.work_seconds + time.monotonic() - began
        self.write(reached)

    def _import_lines(self, found):
        """Tell of move lines, whole documents where they fit; return what is reached.

        :param found: ``[(document id, move line id)]``.
        """
        movements = self.env["serial.movement"]
        rows = movements._fetch(SQL("ml.id = ANY(%s)", [line for _, line in found]))
        self.env["serial.event"]._append(movements._drafts(rows, imported=True))
        self._refresh_statistics(self.line_done, self.line_done + len(found))
        document, line = found[-1]
        return {
            "reached_document": document,
            "reached_line": line,
            "reached_time": max(
                (row["event_time"] for row in rows), default=self.reached_time
            ),
            "line_done": self.line_done + len(found),
        }

    @api.model
    def _refresh_statistics(self, before, after):
        """Let PostgreSQL look at the ledger again whenever it has doubled.

        It plans by what it saw last, and a table that looks empty is read from one
        end to the other for each batch.
        """
        steps = (count.bit_length() for count in (before // _FIRST, after // _FIRST))
        if len(set(steps)) > 1:
            self.env.cr.execute("ANALYZE serial_event, serial_event_line")

    def _next_lines(self):
        """Return ``[(document id, move line id)]`` of the next batch, whole documents.

        The last document, which may go on behind the batch, is left to the next one;
        a document larger than a batch is cut.
        """
        column, scope = SQL("ml.picking_id"), SQL("TRUE")
        if self.phase == "move":
            column, scope = SQL("ml.move_id"), SQL("ml.picking_id IS NULL")
        rows = self.env.execute_query(
            SQL(
                "SELECT %(column)s, ml.id FROM stock_move_line ml "
                "WHERE (%(column)s, ml.id) > (%(document)s, %(line)s) "
                "AND %(scope)s AND %(past)s ORDER BY %(column)s, ml.id LIMIT %(size)s",
                column=column,
                document=self.reached_document,
                line=self.reached_line,
                scope=scope,
                past=self._get_past(),
                size=BATCH_SIZE,
            )
        )
        if len(rows) < BATCH_SIZE:
            return rows
        last = rows[-1][0]
        return [row for row in rows if row[0] != last] or rows

    def _next_serials(self):
        """Return the ids of the next serials that events tell of."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lot_id FROM serial_event_line "
                "WHERE lot_id > %s AND role = 'unit' ORDER BY lot_id LIMIT %s",
                self.reached_document,
                BATCH_SIZE,
            )
        )
        return [row[0] for row in rows]

    def _import_states(self, lot_ids):
        """Bring serials up to their last event; return what is reached."""
        columns = (
            "id",
            "company_id",
            "event_id",
            "event_time",
            "disposes",
            "disposition",
            "moves",
            "movement",
            "destination_usage",
            "partner_res_id",
            "company_partner_res_id",
        )
        rows = self.env.execute_query(self._get_last_events(lot_ids))
        states = [dict(zip(columns, row, strict=True)) for row in rows]
        custodian = self.env["serial.movement"]._custodian
        for state in states:
            holder = self._get_holder(state["movement"], state["destination_usage"])
            state["company"] = state["company_id"]
            state["custodian"] = custodian(holder, state)
        self.env["stock.lot"]._update_states(states)
        return {"reached_document": lot_ids[-1], "reached_line": 0}

    @api.model
    def _get_holder(self, name, destination_usage):
        """Return who has a unit after a movement, which may have been taken back."""
        if name and name.startswith("undo_"):
            return "company" if destination_usage in HELD else "partner"
        return get_holder(name)

    @api.model
    def _get_last_events(self, lot_ids):
        """Return the query of each serial's last event, last disposition and last
        movement, by company.

        A contact that was deleted in the meantime holds nothing; one that was merged
        lives on in the survivor.
        """
        return SQL(
            """
            WITH told AS (
                SELECT line.lot_id, event.*,
                    event.event_type = 'ObjectEvent'
                        AND event.destination_location_res_id IS NOT NULL AS moves
                FROM serial_event_line line
                JOIN serial_event event ON event.id = line.event_id
                WHERE line.lot_id = ANY(%(lots)s) AND line.role = 'unit'
            ), last AS (
                SELECT DISTINCT ON (lot_id, company_id) * FROM told
                ORDER BY lot_id, company_id, event_time DESC, id DESC
            ), disposed AS (
                SELECT DISTINCT ON (lot_id, company_id) * FROM told
                WHERE disposition IS NOT NULL
                ORDER BY lot_id, company_id, event_time DESC, id DESC
            ), moved AS (
                SELECT DISTINCT ON (lot_id, company_id) * FROM told WHERE moves
                ORDER BY lot_id, company_id, event_time DESC, id DESC
            )
            SELECT last.lot_id, last.company_id, last.id, last.event_time,
                disposed.disposition IS NOT NULL, disposed.disposition,
                COALESCE(moved.moves, FALSE), moved.movement,
                moved.destination_usage, partner.id, company.partner_id
            FROM last
            JOIN res_company company ON company.id = last.company_id
            LEFT JOIN disposed USING (lot_id, company_id)
            LEFT JOIN moved USING (lot_id, company_id)
            LEFT JOIN serial_party_alias alias
                ON alias.old_res_id = moved.partner_res_id
            LEFT JOIN res_partner partner
                ON partner.id = COALESCE(alias.partner_id, moved.partner_res_id)
            """,
            lots=lot_ids,
        )

    def _enter_next_phase(self):
        """Go on with what comes next; behind the last phase the job is done."""
        if self.phase in _NEXT_PHASE:
            self.write(
                {
                    "phase": _NEXT_PHASE[self.phase],
                    "reached_document": 0,
                    "reached_line": 0,
                }
            )
        else:
            self.write(
                {
                    "state": "done",
                    "end_time": fields.Datetime.now(),
                    "line_total": self.line_done,
                }
            )
