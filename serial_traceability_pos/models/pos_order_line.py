from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.serial_traceability.models.serial_gate import Passing


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    # ---- At the till ----

    @api.model
    def get_existing_lots(self, company_id, config_id, product_id):
        """Leave out lots that may not be sold."""
        found = super().get_existing_lots(company_id, config_id, product_id)
        stopped = set(self._get_stopped(self._browse_found(found)).ids)
        return [lot for lot in found if lot["id"] not in stopped]

    @api.model
    def get_held_lots(self, config_id, product_id):
        """Return the lots that stand where a till sells from and may not be sold.

        :param config_id: id of the till's ``pos.config``.
        :param product_id: id of the product.
        :return: ``[{"name": number, "message": why it is stopped}]``.
        :raises AccessError: where the user does not sell, or not at this till.
        """
        self.check_access("read")
        config = self.env["pos.config"].browse(config_id).exists()
        config.check_access("read")
        lots = self._get_stopped(self._find_lots_at_till(config, product_id))
        holds = lots._get_open_holds()
        return [
            {"name": lot.name, "message": self._say_held(lot, holds.get(lot.id))}
            for lot in lots
        ]

    @api.model
    def _find_lots_at_till(self, config, product_id):
        """Return the lots of a product where core looks for those to propose."""
        # Stands in for reading stock, as core does for the till.
        config = config.sudo()
        shop = config.picking_type_id.default_location_src_id
        quants = config.env["stock.quant"].search(
            [
                ("product_id", "=", product_id),
                ("company_id", "in", [False, config.company_id.id]),
                ("location_id", "in", shop.child_internal_location_ids.ids),
                ("lot_id", "!=", False),
                ("quantity", ">", 0),
            ]
        )
        return quants.lot_id

    @api.model
    def _browse_found(self, found):
        """Return the lots of which core names id, number and quantity."""
        # Stands in for reading lots, as core does to name them.
        return self.env["stock.lot"].sudo().browse(lot["id"] for lot in found)

    @api.model
    def _get_stopped(self, lots):
        """Return those of these lots on which a hold stands or that a live recall is
        about: nothing opens a sale to them.
        """
        recalled = self.env["serial.gate"]._get_recalls(lots) if lots else {}
        return lots.filtered("is_locked") | lots.browse(recalled)

    @api.model
    def _say_held(self, lot, holds):
        if not holds:
            return self.env._(
                "%(serial)s is being recalled. Take another unit.", serial=lot.name
            )
        return self.env._(
            "%(serial)s is on hold: %(reasons)s. Take another unit.",
            serial=lot.name,
            reasons=", ".join(holds.reason_id.mapped("name")),
        )

    # ---- What is sold ----

    def _get_serial_passings(self, shop, customer):
        """Return what the units of these lines do, for the gate.

        :param shop: location that sold units leave and returned ones reach.
        :param customer: the location on the other side.
        """
        return [
            Passing(
                self.env["stock.move"],
                line.product_id,
                self.env["stock.lot"],
                number.lot_name,
                *((shop, customer) if line.qty > 0 else (customer, shop)),
                self.env["stock.package"],
            )
            for line in self
            for number in line.pack_lot_ids
            if number.lot_name
        ]

    def _find_stopped_units(self, shop, customer):
        """Return ``[(line, lot, why)]`` of the units of these lines that the gate
        refuses where they have gone already.
        """
        gate = self.env["serial.gate"]
        passings = gate._with_lots(self._get_serial_passings(shop, customer))
        # Stands in for seeing that another company stops a lot, as the gate does.
        lots = self.env["stock.lot"].sudo().union(*(each.lot for each in passings))
        stopped = self._get_stopped(lots)
        refused = []
        # One by one: they are few, and each is told of by itself.
        for passing in passings:
            if passing.lot in stopped:
                try:
                    gate._check([passing], lock=True)
                except UserError as refusal:
                    refused.append(
                        (self._find_line(passing), passing.lot, str(refusal))
                    )
        return refused

    def _find_line(self, passing):
        """Return the last of these lines that names a unit."""
        lines = self.filtered(
            lambda line: (
                line.product_id == passing.product
                and passing.name in line.pack_lot_ids.mapped("lot_name")
            )
        )
        return lines[-1:]
