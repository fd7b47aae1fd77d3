import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Units that are sought in one piece of work, as far as one move does not want more.
_PIECE = 1000
#: Numbers that a note names.
_NAMED = 20


class SerialSubstitution(models.Model):
    """One move that waits to be reserved again, because it lost held units or because
    units were freed that it may take.

    Placing and lifting holds write rows, in the same transaction; a job that follows
    the commit seeks what else is there, tells the transfer what came of it, and deletes
    them. Nobody else writes one.
    """

    _name = "serial.substitution"
    _description = "Substitute for a Held Unit"
    _inherit = ["serial.job"]
    _order = "id"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "stock.move", required=True, readonly=True, index=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index=True, ondelete="cascade"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Held Unit",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="That the move lost; empty where units were freed that it may take.",
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )

    # ---- What has to be sought ----

    @api.model
    def _note_lost(self, lines):
        """Note that moves lose what these lines reserve."""
        self._insert(
            SQL(
                """
                SELECT ml.move_id, ml.picking_id, ml.lot_id,
                    sum(ml.quantity_product_uom), move.company_id
                FROM stock_move_line ml JOIN stock_move move ON move.id = ml.move_id
                WHERE ml.id = ANY(%s)
                GROUP BY ml.move_id, ml.picking_id, ml.lot_id, move.company_id
                """,
                list(lines.ids),
            )
        )

    @api.model
    def _seek_for_freed(self, lots):
        """Have moves reserved that wait for what these lots are."""
        # Stands in for the same right as above, and for reading this one parameter.
        parameters = self.env["ir.config_parameter"].sudo()
        if not lots or parameters.get_param("stock.picking_no_auto_reserve"):
            return
        self.env["stock.quant"].flush_model()
        self._insert(
            SQL(
                """
                SELECT DISTINCT move.id, move.picking_id, NULL::int, 0, move.company_id
                FROM (
                    SELECT DISTINCT quant.product_id, place.parent_path
                    FROM stock_quant quant
                    JOIN stock_location place ON place.id = quant.location_id
                    WHERE quant.lot_id = ANY(%s)
                        AND quant.quantity > quant.reserved_quantity
                ) freed
                JOIN stock_move move ON move.product_id = freed.product_id
                JOIN stock_location source ON source.id = move.location_id
                LEFT JOIN stock_picking_type operation
                    ON operation.id = move.picking_type_id
                WHERE move.state IN ('confirmed', 'partially_available')
                    AND freed.parent_path LIKE source.parent_path || '%%'
                    AND (move.reservation_date <= %s
                        OR operation.reservation_method = 'at_confirm')
                """,
                list(lots.ids),
                fields.Date.today(),
            )
        )

    @api.model
    def _insert(self, query):
        """Write rows of what ``query`` finds (move, transfer, lot, quantity, company),
        and let the job begin after the commit. One statement, whatever the number.
        """
        self.env["stock.move"].flush_model()
        self.env["stock.move.line"].flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO serial_substitution "
                "(move_id, picking_id, lot_id, quantity, company_id) %s",
                query,
            )
        )
        self.env["stock.picking"].invalidate_model(["substitution_ids"], flush=False)
        if self.env.cr.rowcount:
            self._trigger()

    @api.model
    def _trigger(self):
        # Stands in for the right to run a scheduled action, which comes with being
        # allowed to hold and to release.
        self.env.ref("serial_traceability.cron_serial_substitution").sudo()._trigger()

    # ---- The job ----

    @api.model
    def _cron_substitute(self):
        """Seek substitutes piece by piece, each committed; a later run goes on."""
        self._try(self._sweep)
        # A piece that is taken back must not take this back, too.
        self.env["ir.cron"]._commit_progress()
        piece = self._get_piece()
        while piece:
            count = len(piece)
            self._try(piece._settle)
            piece = self._get_piece()
            left = self.search_count([])
            if not self.env["ir.cron"]._commit_progress(count, remaining=left):
                return

    @api.model
    def _sweep(self):
        """Break what was reserved of held units in another transaction while they were
        being held: neither saw the other.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lot.id FROM stock_lot lot "
                "JOIN stock_move_line ml ON ml.lot_id = lot.id "
                "WHERE lot.is_locked AND ml.state NOT IN ('done', 'cancel') "
                "AND ml.quantity > 0"
            )
        )
        lots = self.env["stock.lot"].browse(row[0] for row in rows)
        self.env["serial.unreserver"]._free(lots)

    @api.model
    def _get_piece(self):
        """Return the next rows: all those of some moves."""
        moves = self.search([], limit=_PIECE).move_id
        return self.search([("move_id", "in", moves.ids)])

    def _settle(self):
        """Reserve what there is for the moves of these rows and say so, then delete
        the rows.
        """
        rows = self.exists()
        moves = rows.move_id.sorted(lambda move: (move.date, move.id))
        moves = moves.sorted("priority", reverse=True)
        before = {move: move.move_line_ids for move in moves}
        self._reserve(moves)
        for document, group in self._group(rows).items():
            group._tell(document, before)
        rows.unlink()

    @api.model
    def _group(self, rows):
        """Return ``{document: rows}`` of those rows that tell of lost units."""
        groups = defaultdict(self.browse)
        for row in rows.filtered("lot_id"):
            groups[row.move_id._get_document()] |= row
        return groups

    @api.model
    def _reserve(self, moves):
        """Reserve what moves still want; one that cannot be reserved stops no other."""
        waiting = moves.filtered(
            lambda move: move.state in ("confirmed", "waiting", "partially_available")
        )
        picked = waiting.filtered("picked")
        plain = waiting - picked
        # Core looks for the quant of each line twice, unless it is given them.
        cache = self.env["stock.quant"]._get_quants_by_products_locations(
            plain.product_id, plain.location_id
        )
        plain = plain.with_context(quants_cache=cache)
        if not self._try_out(plain._action_assign):
            for move in plain:
                self._try_out(move._action_assign)
        for move in picked:
            self._try_out(lambda move=move: self._reserve_picked(move))

    @api.model
    def _try_out(self, work):
        """Do ``work()``, or nothing of it; return whether it was done. Whatever keeps
        one transfer from being reserved, the others get what there is.
        """
        try:
            with self.env.cr.savepoint():
                work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # of whatever addon reserves, too
            _logger.warning("No substitute could be reserved: %s", error)
            return False
        return True

    @api.model
    def _reserve_picked(self, move):
        """Reserve what a move still wants that is picked in part: core passes over it.
        What is reserved now, nobody has picked.
        """
        wanted = move.product_qty - sum(
            move.move_line_ids.mapped("quantity_product_uom")
        )
        if wanted <= 0 or move.move_orig_ids or move._should_bypass_reservation():
            return
        lines = move.move_line_ids
        move._update_reserved_quantity(wanted, move.location_id, strict=False)
        (move.move_line_ids - lines).picked = False
        move._recompute_state()

    # ---- Telling ----

    def _tell(self, document, before):
        """Write on a document what it lost and what it got for it, and let its
        responsible know.

        :param before: ``{move: lines}`` from before anything was reserved.
        """
        moves = self.move_id
        got = moves.move_line_ids - moves.browse().move_line_ids.union(
            *(before[move] for move in moves)
        )
        text = self._get_text(got)
        if isinstance(document, self.env.registry["mail.thread"]):
            document.message_post(body=text)
        if document._name == "stock.picking" and document.user_id:
            document.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=document.user_id.id,
                summary=self.env._("Held units were taken off"),
                note=text,
            )

    def _get_text(self, got):
        """Return what is to be said of units lost and of the lines got for them."""
        said = [
            self.env._(
                "On hold, and taken off: %(serials)s.",
                serials=self._get_names(self.lot_id),
            )
        ]
        if got:
            said.append(
                self.env._(
                    "Reserved instead: %(serials)s.",
                    serials=self._get_names(got.lot_id),
                )
            )
        if any(move.quantity < move.product_uom_qty for move in self.move_id):
            said.append(
                self.env._("Not enough is free to replace all: it waits for more.")
            )
        return " ".join(said)

    @api.model
    def _get_names(self, lots):
        names = ", ".join(lots[:_NAMED].mapped("name"))
        if len(lots) <= _NAMED:
            return names
        return self.env._(
            "%(serials)s and %(count)s more", serials=names, count=len(lots) - _NAMED
        )
