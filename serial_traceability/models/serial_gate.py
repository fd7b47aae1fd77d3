from collections import namedtuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.lock import ALWAYS_OPEN, Step, get_passage, is_open
from ..core.movement import INTERCOMPANY

#: One unit about to be moved: the move (empty where there is none yet), the product,
#: the lot (empty where only its number was typed), that number, both locations, and
#: the package that it is in.
Passing = namedtuple(
    "Passing", ["move", "product", "lot", "name", "source", "destination", "package"]
)


class SerialGate(models.AbstractModel):
    """Refuses what a held unit may not do, whoever asks for it and in whatever way.

    The one place that says what a movement is to a held unit. Core has no check of its
    own: neither a reservation nor stock is needed to ship a number.
    """

    _name = "serial.gate"
    _description = "Gate for Held Serials"

    # ---- What a movement is ----

    @api.model
    def _get_passage(self, passing, *, keeping=True):
        """Return what a movement is to a held unit, see ``core.lock``.

        :param keeping: whether to look up what the destination keeps held units for;
            without it, bringing them there counts as any transfer.
        """
        source, destination = passing.source, passing.destination
        return get_passage(
            Step(
                self._get_kind(source),
                self._get_kind(destination),
                "scrap" if passing.move.scrap_id else "move",
                source == destination,
                destination._get_serial_keeping() if keeping else None,
            )
        )

    @api.model
    def _get_kind(self, location):
        """Return the usage of a location, as ``core.movement`` tells them apart."""
        if location.usage == "transit" and not location.company_id:
            return INTERCOMPANY
        return location.usage

    @api.model
    def _get_line_passing(self, line):
        """Return what a move line moves."""
        # Stands in for reading the other company's end of a transfer between two, and
        # numbers that it gave: only whether they are held is asked.
        line = line.sudo()
        return Passing(
            line.move_id,
            line.product_id,
            line.lot_id,
            line.lot_name,
            line.location_id,
            line.location_dest_id,
            line.package_id,
        )

    @api.model
    def _with_lots(self, passings):
        """Return ``passings`` with the serials of those that name one by its number
        only; what is new is left out.
        """
        typed = [passing for passing in passings if not passing.lot and passing.name]
        known = [passing for passing in passings if passing.lot]
        if not typed:
            return known
        # Stands in for seeing that another company has the number.
        lots = self.env["stock.lot"].sudo()
        lots = lots.search(
            [
                ("product_id", "in", [passing.product.id for passing in typed]),
                ("name", "in", [passing.name for passing in typed]),
            ]
        ).grouped(lambda lot: (lot.product_id.id, lot.name))
        return known + [
            passing._replace(lot=lot)
            for passing in typed
            for lot in lots.get((passing.product.id, passing.name), ())
        ]

    # ---- Refusing ----

    @api.model
    def _check_lines(self, lines, *, lock=False):
        """Refuse move lines of held units whose passage is closed.

        :param lock: the units move now: see :meth:`_check`.
        :return: the lots that were found free to move.
        """
        # Whatever the product's tracking says by now: the line names the unit.
        lines = lines.filtered(
            lambda line: (line.lot_id or line.lot_name) and line.quantity > 0
        )
        return self._check(list(map(self._get_line_passing, lines)), lock=lock)

    @api.model
    def _check(self, passings, *, lock=False):
        """Refuse held units whose passage is closed.

        :param lock: the units move now. Then holds that another transaction places or
            lifts at this moment count, and so does what a live recall says of units
            that bear no hold of it yet. Two queries, whatever the number of units.
        :return: the lots that were found free to move.
        :raises UserError: naming the unit, the reason and the recall.
        """
        # What is mostly new and comes in is not even looked up.
        passings = self._with_lots(
            [
                passing
                for passing in passings
                if self._get_passage(passing, keeping=False) not in ALWAYS_OPEN
            ]
        )
        lots = self.env["stock.lot"].sudo().union(*(each.lot for each in passings))
        if not lots:
            return lots
        recalls = {}
        if lock:
            held = lots & lots.browse(self._lock(lots.ids))
            recalls = self._get_recalls(lots)
        else:
            held = lots.filtered("is_locked")
        if held or recalls:
            self._refuse(passings, held, recalls)
        return lots

    @api.model
    def _lock(self, lot_ids):
        """Let holds wait until these lots have moved, wait for who is placing one now,
        and return the ids of those that are held.

        Where a hold was placed after this transaction began to look at the database,
        PostgreSQL refuses (40001), and Odoo does the whole request again. Sorted, so
        that two who ship the same lots wait for each other in one order. ``FOR SHARE``
        would not do: of two shipments of one lot both get it, and both want to write
        the lot afterwards.
        """
        self.env["stock.lot"].flush_model(["is_locked"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, is_locked FROM stock_lot WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                list(lot_ids),
            )
        )
        return [lot_id for lot_id, is_locked in rows if is_locked]

    @api.model
    def _get_recalls(self, lots):
        """Return ``{lot id: recall id}`` of what live recalls say of lots, held or
        not.
        """
        recalls = self.env["serial.recall"]
        if not recalls._get_live_scopes():
            return {}
        return recalls._find_matching(lots.ids)

    @api.model
    def _refuse(self, passings, held, recalls):
        """Refuse those of ``passings`` that are closed to what is held or recalled.

        :param held: the lots on which a hold stands.
        :param recalls: ``{lot id: recall id}`` of live recalls.
        """
        holds = held._get_open_holds()
        refused = []
        for passing in passings:
            standing = holds.get(passing.lot.id, self.env["serial.hold"])
            recall_id = recalls.get(passing.lot.id)
            reasons = self._get_reasons(standing, recall_id)
            if not reasons or self._is_overridden(passing):
                continue
            if not is_open(self._get_passage(passing), reasons._get_permitted()):
                refused.append((passing, standing, recall_id))
        if refused:
            raise UserError("\n".join(self._say(*each) for each in refused[:5]))

    @api.model
    def _get_reasons(self, holds, recall_id):
        """Return why a unit is stopped: its holds' reasons, and that of a recall which
        has yet to hold it.
        """
        # Stands in for reading a recall of another company, which stops its units here.
        recall = self.env["serial.recall"].sudo().browse(recall_id or ())
        return holds.reason_id | recall.hold_reason_id

    @api.model
    def _is_overridden(self, passing):
        """Return whether somebody lets a unit pass on its transfer."""
        overridden = passing.move.picking_id._get_overridden_lot_ids()
        return passing.lot.id in overridden

    @api.model
    def _say(self, passing, holds, recall_id):
        """Return why a unit may not go where it was to go, and what to do."""
        reasons = self._get_reasons(holds, recall_id)
        recalls = holds.recall_id | self.env["serial.recall"].browse(recall_id or ())
        said = [
            self.env._(
                "%(serial)s of %(product)s is on hold and cannot be moved to "
                "%(place)s: %(reasons)s.",
                serial=passing.lot.name,
                product=passing.lot.product_id.display_name,
                place=passing.destination.display_name,
                reasons=", ".join(reasons.mapped("name")),
            )
        ]
        if recalls:
            said.append(
                self.env._(
                    "It falls under recall %(recalls)s.",
                    # Stands in for reading the number of another company's recall.
                    recalls=", ".join(recalls.sudo().mapped("name")),
                )
            )
        if passing.package:
            said.append(
                self.env._(
                    "It is in package %(package)s: unpack it first.",
                    package=passing.package.name,
                )
            )
        said.append(
            self.env._("Take another unit, or ask a quality manager to release it.")
        )
        return " ".join(said)
