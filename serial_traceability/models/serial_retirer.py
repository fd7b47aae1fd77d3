from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core.movement import HELD

#: What can be done to a serial for good, and the state of the number that we issued.
KINDS = {"decommission": "decommissioned", "destroy": "destroyed"}


class SerialRetirer(models.AbstractModel):
    """Ends the life of serials: their numbers are never used again.

    Decommissioning takes a number from a unit that has left us or never came: in stock
    a unit cannot be without number. Destroying ends the unit, too; one in stock is
    scrapped by Odoo's own scrap order in the same transaction.
    """

    _name = "serial.retirer"
    _description = "End of Serials' Lives"

    @api.model
    def _retire(self, lots, kind, reason):
        """End the life of serials.

        A constant number of queries, and Odoo's own for each scrap order.

        :param lots: the serials.
        :param kind: ``decommission`` or ``destroy``.
        :param reason: why, as text.
        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where a serial cannot be retired, with the reason.
        """
        self._check_allowed(lots)
        self._check_asked(lots, kind, reason)
        self._lock(lots)
        self._check_not_retired(lots)
        quants = self._get_stock(lots)
        if kind == "decommission":
            self._check_not_in_stock(quants)
        else:
            self._check_not_reserved(quants)
            self._scrap(quants, reason)
        self.env["serial.lifecycle"]._record(lots, kind, reason=reason)
        self._mark(lots, KINDS[kind])

    # ---- What must be right ----

    @api.model
    def _check_allowed(self, lots):
        if not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a quality manager may take serials out of use or destroy "
                    "them. Ask one to do it."
                )
            )
        lots.check_access("write")

    @api.model
    def _check_asked(self, lots, kind, reason):
        if kind not in KINDS:
            raise UserError(
                self.env._(
                    "Serials can be decommissioned or destroyed: %(kind)s is neither.",
                    kind=kind,
                )
            )
        if not reason or not reason.strip():
            raise UserError(
                self.env._("Say why: the reason stands in the history for good.")
            )
        self.env["serial.change"]._check_texts([reason])
        others = lots.filtered(lambda lot: lot.product_id.tracking != "serial")
        if others:
            raise UserError(
                self.env._(
                    "%(lot)s is a lot of many units, not a serial, and cannot be "
                    "retired. Scrap what is to be destroyed.",
                    lot=others[0].name,
                )
            )

    @api.model
    def _lock(self, lots):
        """Wait for who moves the serials now, and let others wait for us."""
        lots.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM stock_lot WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                list(lots.ids),
            )
        )

    @api.model
    def _check_not_retired(self, lots):
        """Refuse serials whose life has ended before."""
        retired = lots.filtered("retired")
        if retired:
            raise UserError(
                self.env._(
                    "%(serials)s is out of use for good already.",
                    serials=", ".join(retired[:5].mapped("name")),
                )
            )

    # ---- Stock ----

    @api.model
    def _get_stock(self, lots):
        """Return where the serials are in stock.

        :raises UserError: where that is a company the user does not work for.
        """
        # Stands in for seeing that a unit is in stock in another company, which is
        # told without the place.
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", lots.ids),
                    ("location_id.usage", "in", tuple(HELD)),
                    ("quantity", ">", 0),
                ]
            )
        )
        foreign = quants.filtered(
            lambda quant: (
                quant.company_id and quant.company_id not in self.env.companies
            )
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(serial)s is in stock in another company, which alone may retire "
                    "it.",
                    serial=foreign[0].lot_id.name,
                )
            )
        return quants

    @api.model
    def _check_not_in_stock(self, quants):
        if quants:
            raise UserError(
                self.env._(
                    "%(serial)s is in stock at %(place)s, where no unit can be without "
                    "a number. Destroy it, or correct its number.",
                    serial=quants[0].lot_id.name,
                    place=quants[0].location_id.display_name,
                )
            )

    @api.model
    def _check_not_reserved(self, quants):
        """Refuse units that a transfer is about to move."""
        reserved = quants.filtered("reserved_quantity")
        if not reserved:
            return
        lines = self.env["stock.move.line"].search(
            [
                ("lot_id", "=", reserved[0].lot_id.id),
                ("location_id", "=", reserved[0].location_id.id),
                ("state", "not in", ("done", "cancel")),
            ],
            limit=1,
        )
        raise UserError(
            self.env._(
                "%(serial)s is reserved for %(transfer)s. Take it off that transfer "
                "first.",
                serial=reserved[0].lot_id.name,
                transfer=lines.picking_id.name or lines.move_id.reference or "",
            )
        )

    @api.model
    def _scrap(self, quants, reason):
        """Scrap units by Odoo's own scrap orders, one a unit, as Odoo has it."""
        for company, group in quants.grouped("company_id").items():
            scraps = self.env["stock.scrap"].with_company(company)
            scraps.create(
                [self._prepare_scrap_vals(quant, reason) for quant in group]
            ).do_scrap()

    @api.model
    def _prepare_scrap_vals(self, quant, reason):
        return {
            "product_id": quant.product_id.id,
            "lot_id": quant.lot_id.id,
            "location_id": quant.location_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "scrap_qty": quant.quantity,
            "company_id": quant.company_id.id or self.env.company.id,
            "origin": reason,
        }

    # ---- For good ----

    @api.model
    def _mark(self, lots, state):
        """Mark serials, and the numbers that we issued for them, as used up."""
        self.env.cr.execute(
            SQL(
                "UPDATE stock_lot SET retired = TRUE WHERE id = ANY(%s)",
                list(lots.ids),
            )
        )
        lots.invalidate_recordset(["retired"])
        # Stands in for writing issued numbers, which only their life does.
        self.env["serial.number"].sudo()._retire_borne(lots, state)
