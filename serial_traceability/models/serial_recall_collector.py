from odoo import api, fields, models
from odoo.exceptions import UserError

#: What each outcome is on the ledger, see ``core.lifecycle``; a return is told by its
#: movement, and destroying by the end of the serial's life.
STAGES = {
    "corrected": "recall_correct",
    "refunded": "recall_refund",
    "not_recovered": "recall_lose",
}


class SerialRecallCollector(models.AbstractModel):
    """Takes in what comes back under recalls, and keeps what became of each unit.

    Returns are known by their movement. Everything else a quality manager says; each of
    it is an event on the ledger, with the recall as its document.
    """

    _name = "serial.recall.collector"
    _description = "Collector of Recalled Units"

    # ---- Returns ----

    @api.model
    def _collect(self, move_lines):
        """Note that units of running recalls came back from customers.

        Nothing is asked where nothing comes from a customer, and one query where none
        of it falls under a recall.

        :param move_lines: done ``stock.move.line``.
        """
        back = move_lines.filtered(
            lambda line: (
                line.lot_id
                and line.location_id.usage == "customer"
                and line.location_dest_id.usage in ("internal", "transit")
            )
        )
        if not back:
            return
        # Stands in for writing units of a recall, which the return itself does.
        units = self.env["serial.recall.unit"].sudo()
        units = units.search(
            [
                ("lot_id", "in", back.lot_id.ids),
                ("recall_id.state", "in", ("stop_ship", "recalling")),
                ("recall_id.kind", "!=", "mock"),
                ("outcome", "=", False),
                ("place", "=", "delivered"),
                ("quantity", ">", 0),
            ]
        )
        if units:
            self._note_returns(back, units)

    @api.model
    def _note_returns(self, lines, units):
        """Note on units what lines brought back: of a lot of many as much as it is; the
        rest stays with the customer.
        """
        by_lot = units.grouped("lot_id")
        out = {unit: unit.quantity for unit in units}
        for line in lines:
            left = line.quantity_product_uom
            for unit in self._get_senders_first(line, by_lot.get(line.lot_id, ())):
                part = min(left, out[unit])
                if part > 0:
                    left -= part
                    out[unit] -= part
                    unit.return_picking_id = line.picking_id
        for unit in units.filtered(lambda unit: unit.product_id.tracking != "serial"):
            unit.returned_quantity += unit.quantity - out[unit]
        back = units.filtered(
            lambda unit: unit.product_id.uom_id.compare(out[unit], 0) <= 0
        )
        back.write({"outcome": "returned", "outcome_time": fields.Datetime.now()})
        self.env["serial.recall.notifier"]._settle(units.notice_id)

    @api.model
    def _get_senders_first(self, line, units):
        sender = line.picking_id.partner_id.commercial_partner_id
        return sorted(
            units, key=lambda unit: unit.partner_id.commercial_partner_id != sender
        )

    @api.model
    def _get_quarantine(self, company):
        """Return the place where a company keeps returned units, none where it has
        none.
        """
        return self.env["stock.location"].search(
            [
                ("serial_keeping", "=", "quarantine"),
                ("usage", "=", "internal"),
                ("company_id", "in", [company.id, False]),
            ],
            limit=1,
        )

    @api.model
    def _quarantine(self, units):
        """Return transfers, ready to do, of those units that are in stock outside
        quarantine.

        :raises UserError: where there is no quarantine, or nothing to bring there.
        """
        company = units.recall_id.company_id
        place = self._get_quarantine(company)
        if not place:
            raise UserError(
                self.env._(
                    "%(company)s has no place of quarantine. Mark a location that "
                    "keeps held units for quarantine.",
                    company=company.display_name,
                )
            )
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", units.lot_id.ids),
                ("company_id", "=", company.id),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ]
        )
        # What a transfer is to move already is not moved by a second one.
        quants = quants.filtered(
            lambda quant: (
                quant.quantity > quant.reserved_quantity
                and quant.location_id._get_serial_keeping() != "quarantine"
            )
        )
        if not quants:
            raise UserError(
                self.env._("None of these units is in stock outside quarantine.")
            )
        return self._create_transfers(quants, place)

    @api.model
    def _create_transfers(self, quants, place):
        """Create one transfer to quarantine for each place that units stand in."""
        warehouse = place.warehouse_id or quants.location_id.warehouse_id[:1]
        pickings = self.env["stock.picking"].create(
            [
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "location_id": source.id,
                    "location_dest_id": place.id,
                    "move_line_ids": [
                        fields.Command.create(
                            {
                                "product_id": quant.product_id.id,
                                "lot_id": quant.lot_id.id,
                                "quantity": quant.quantity - quant.reserved_quantity,
                                "package_id": quant.package_id.id,
                                "owner_id": quant.owner_id.id,
                                "location_id": source.id,
                                "location_dest_id": place.id,
                            }
                        )
                        for quant in found
                    ],
                }
                for source, found in quants.grouped("location_id").items()
            ]
        )
        pickings.action_confirm()
        return pickings

    # ---- Outcomes ----

    @api.model
    def _end(self, units, outcome, *, note=None, witness=None):
        """Keep what became of units.

        A constant number of queries, but for scrapping what is destroyed in stock.

        :param units: of ``serial.recall.unit``, of running or closed recalls.
        :param outcome: a value of their ``outcome``.
        :param note: details, as text.
        :param witness: who saw them destroyed; asked for then.
        :raises AccessError: where the user is not a quality manager, or may not see a
            unit.
        :raises UserError: where an outcome cannot be entered.
        """
        self.env["serial.recall.notifier"]._check_manager()
        units.check_access("read")
        self._check_outcome(units, outcome, witness)
        for recall, found in units.grouped("recall_id").items():
            self._tell(recall, found, outcome, self._get_reason(recall, note, witness))
        # Stands in for writing units of a recall, which its steps do.
        units.sudo().write(
            {
                "outcome": outcome,
                "outcome_time": fields.Datetime.now(),
                "outcome_note": note or False,
                "witness": witness or False,
            }
        )
        if outcome == "corrected":
            self._free(units)
        self.env["serial.recall.notifier"]._settle(units.notice_id)

    @api.model
    def _check_outcome(self, units, outcome, witness):
        if outcome == "destroyed" and not (witness or "").strip():
            raise UserError(
                self.env._("Say who saw the units destroyed: the report names them.")
            )
        idle = units.recall_id.filtered(
            lambda recall: (
                recall.state in ("draft", "cancelled") or recall.kind == "mock"
            )
        )
        if idle:
            raise UserError(
                self.env._(
                    "%(recall)s is not running: nothing becomes of its units.",
                    recall=idle[0].display_name,
                )
            )
        ended = units.filtered(lambda unit: unit.outcome == "destroyed")
        if ended:
            raise UserError(
                self.env._(
                    "%(serial)s was destroyed: nothing else can become of it.",
                    serial=ended[0].lot_id.name,
                )
            )

    @api.model
    def _get_reason(self, recall, note, witness):
        """Return what the ledger says of an outcome."""
        text = self.env._("Recall %(recall)s", recall=recall.name)
        if witness:
            text = self.env._(
                "%(text)s, witnessed by %(witness)s", text=text, witness=witness
            )
        return f"{text}: {note}" if note else text

    @api.model
    def _tell(self, recall, units, outcome, reason):
        """Write an outcome on the ledger."""
        # What companies share is told as the recall's own.
        self = self.with_company(recall.company_id)
        lots = units.lot_id
        if outcome == "destroyed":
            serials = lots.filtered(
                lambda lot: lot.product_id.tracking == "serial" and not lot.retired
            )
            if serials:
                self.env["serial.retirer"]._retire(serials, "destroy", reason)
            lots -= serials
            stage = "recall_destroy"
        else:
            stage = STAGES.get(outcome, "recall_return")
        lots = lots.filtered(lambda lot: not lot.retired)
        if lots:
            self.env["serial.lifecycle"]._record(
                lots, stage, document=recall, reason=reason
            )

    @api.model
    def _free(self, units):
        """Lift the recall's holds of units that were put right: of a lot of many, once
        all of it was.
        """
        units.flush_recordset()
        wrong = self.env["serial.recall.unit"].search(
            [
                ("recall_id", "in", units.recall_id.ids),
                ("lot_id", "in", units.lot_id.ids),
                ("outcome", "!=", "corrected"),
            ]
        )
        keys = {(unit.recall_id, unit.lot_id) for unit in wrong}
        # Stands in for lifting holds, which whoever says a unit was put right does.
        holds = (
            self.env["serial.hold"]
            .sudo()
            .search(
                [
                    ("recall_id", "in", units.recall_id.ids),
                    ("lot_id", "in", units.lot_id.ids),
                    ("state", "=", "open"),
                ]
            )
        )
        holds = holds.filtered(lambda hold: (hold.recall_id, hold.lot_id) not in keys)
        holds._check_four_eyes()
        if holds:
            self.env["serial.lock"]._lift(
                holds, self.env._("Put right under the recall.")
            )
