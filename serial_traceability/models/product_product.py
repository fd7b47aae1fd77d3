from datetime import date

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..const import WITHOUT_LOCKED


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the GTINs that come with new products."""
        products = super().create(vals_list)
        products.filtered("barcode")._note_gtins()
        return products

    def write(self, vals):
        """Keep the GTINs that products get as their barcodes."""
        result = super().write(vals)
        if vals.get("barcode"):
            self._note_gtins()
        return result

    def _note_gtins(self):
        """Keep the GTINs that products have now.

        :raises UserError: where a GTIN is another product's, or once was.
        """
        self.env["serial.numbered.gtin"]._note_barcodes(self)
        self.env["serial.gtin"]._note_barcodes(self)

    def _get_packaging_levels(self):
        """Return ``{packaging unit: level}``, from the smallest to the largest.

        One is a case, two are an inner pack and a case, three end with a pallet.
        """
        self.ensure_one()
        units = self.uom_ids.sorted("factor")
        names = {1: ["case"], 2: ["inner", "case"]}.get(
            len(units), ["inner"] * (len(units) - 2) + ["case", "pallet"]
        )
        return dict(zip(units, names, strict=False))

    def action_give_gtin(self):
        """Open the preview of the GTINs that products and packagings would get.

        :raises AccessError: where the user is no administrator.
        :raises UserError: where the company has no GS1 company prefix.
        """
        prefixes = self.env["serial.company.prefix"]
        prefixes._check_administrator()
        company = self.company_id if len(self.company_id) == 1 else self.env.company
        allocation = self.env["serial.gtin.allocation"].create(
            {
                "prefix_id": prefixes._get_default(company).id,
                "product_ids": [Command.set(self.ids)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give GTINs"),
            "res_model": "serial.gtin.allocation",
            "res_id": allocation.id,
            "view_mode": "form",
            "target": "new",
        }

    # ---- What is free ----

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Leave locked units out of what is free and what is forecast.

        On hand they stay. What is reserved of them is left out by the movement it is
        reserved for, as everything reserved is.
        """
        quantities = super()._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date=from_date, to_date=to_date
        )
        if self._is_past(to_date):
            # What is locked now was not then.
            return quantities
        locked = self._get_locked_quantities(lot_id, owner_id, package_id)
        for product in self.filtered(lambda product: locked.get(product._origin.id)):
            values = quantities[product.id]
            for name in ("free_qty", "virtual_available"):
                values[name] = product.uom_id.round(
                    values[name] - locked[product._origin.id]
                )
        return quantities

    @api.model
    def _is_past(self, moment):
        moment = fields.Datetime.to_datetime(moment)
        return bool(moment) and moment < fields.Datetime.now()

    def _get_locked_quantities(self, lot_id=None, owner_id=None, package_id=None):
        """Return ``{product id: quantity}`` of locked units that stand here unreserved,
        in the unit of each product; expired ones not, which core leaves out itself.

        Here is where the context says, as for all quantities of a product: locations,
        warehouses, owners. One query where no unit of these products is locked.

        :param lot_id: of these only, None for all; so are the two that follow.
        """
        products = self._get_with_locked()
        if not products:
            return {}
        domain = Domain.AND(
            [
                products._get_locked_domain(),
                products._get_domain_locations()[0],
                self._get_asked_domain(lot_id, owner_id, package_id),
                self._get_unexpired_domain(),
            ]
        )
        groups = (
            self.env["stock.quant"]
            .with_context(active_test=False)
            ._read_group(
                domain, ["product_id"], ["quantity:sum", "reserved_quantity:sum"]
            )
        )
        return {
            product.id: quantity - reserved for product, quantity, reserved in groups
        }

    def _get_with_locked(self):
        """Return those of these products of which any lot is locked."""
        if not self.ids:
            return self.browse()
        self.env["stock.lot"].flush_model(["is_locked", "product_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT asked.id FROM unnest(%s) AS asked(id) WHERE EXISTS ("
                "SELECT FROM stock_lot lot WHERE lot.is_locked "
                "AND lot.product_id = asked.id)",
                list(self.ids),
            )
        )
        return self.browse(row[0] for row in rows)

    def _get_locked_domain(self):
        """Return the domain of quants of locked lots of these products.

        Without access rules of lots, of which only the quantity is told.
        """
        locked = Domain("is_locked", "=", True) & Domain("product_id", "in", self.ids)
        return Domain("product_id", "in", self.ids) & Domain("lot_id", "any!", locked)

    @api.model
    def _get_asked_domain(self, lot_id, owner_id, package_id):
        """Return what core adds to the domain of quants for the same arguments."""
        asked = {"lot_id": lot_id, "owner_id": owner_id, "package_id": package_id}
        domain = Domain.AND(
            [
                Domain(name, "=", value)
                for name, value in asked.items()
                if value is not None
            ]
        )
        if "owners" in self.env.context:
            owners = self.env.context["owners"] or [False]
            domain &= Domain("owner_id", "in", owners)
        return domain

    @api.model
    def _get_unexpired_domain(self):
        """Return the domain of quants that core does not leave out as expired."""
        day = self.env.context.get("to_date") or date.today()
        return Domain("removal_date", "=", False) | Domain("removal_date", ">", day)

    def _get_domain_locations_new(self, location_ids):
        """Leave locked units out where core adds up quants to find what is missing."""
        quants, moves_in, moves_out = super()._get_domain_locations_new(location_ids)
        if self.env.context.get(WITHOUT_LOCKED):
            quants &= ~self._get_locked_domain()
        return quants, moves_in, moves_out
