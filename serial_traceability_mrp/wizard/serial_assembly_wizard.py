import re

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.serial_traceability.core.identity import gtin_14
from odoo.addons.serial_traceability.core.scan import read_scan

#: What stands between the two numbers of a pasted pair.
_BETWEEN = re.compile(r"\s*[\t;,]\s*|\s+")
#: How many pairs are pasted at once.
_MOST_PAIRS = 5_000


class SerialAssemblyWizard(models.TransientModel):
    """Asks which component goes into which unit of an order: by scanning a unit and
    then its components, or by pasting pairs of numbers.
    """

    _name = "serial.assembly.wizard"
    _description = "Choose Components by Serial"

    production_id = fields.Many2one(
        "mrp.production", required=True, readonly=True, ondelete="cascade"
    )
    possible_unit_ids = fields.Many2many(related="production_id.lot_producing_ids")
    unit_id = fields.Many2one(
        "stock.lot",
        domain="[('id', 'in', possible_unit_ids)]",
        help="What is scanned next goes into it.",
    )
    scanned = fields.Char("Scan")
    pairs = fields.Text(
        help="One pair a line: the unit, then its component; as two columns of a "
        "spreadsheet, or with a comma between them."
    )
    message = fields.Char(readonly=True)
    level = fields.Selection(
        [("good", "Good"), ("wrong", "Wrong")], default="good", readonly=True
    )
    line_ids = fields.One2many("serial.assembly.wizard.line", "wizard_id")

    @api.model
    def default_get(self, fields):
        """Begin with what was chosen before."""
        values = super().default_get(fields)
        order = self.env["mrp.production"].browse(values.get("production_id"))
        if order:
            values["line_ids"] = [
                Command.create(
                    {
                        "unit_id": choice.unit_id.id,
                        "component_id": choice.component_id.id,
                        "quantity": choice.quantity,
                    }
                )
                for choice in order.assembly_ids
            ]
            values["unit_id"] = order.lot_producing_ids[:1].id
        return values

    # ---- Scanning and pasting ----

    @api.onchange("scanned")
    def _onchange_scanned(self):
        """Take what was scanned: a unit, or a component of the one scanned before."""
        text = (self.scanned or "").strip()
        self.scanned = False
        if not text:
            return
        lot = self._find([text]).get(text)
        if lot and lot in self.production_id.lot_producing_ids:
            self.unit_id = lot
            self._say(self.env._("%(unit)s: now scan its parts.", unit=lot.name))
        elif not lot:
            self._complain(self._get_unknown_message(text))
        elif not self.unit_id:
            self._complain(self.env._("Scan the unit first, then its components."))
        else:
            self._add([(self.unit_id, lot)])

    @api.onchange("pairs")
    def _onchange_pairs(self):
        """Take pasted pairs; leave those that are none."""
        texts = (self.pairs or "").splitlines()[:_MOST_PAIRS]
        lines = [line.strip() for line in texts if line.strip()]
        if not lines:
            return
        split = {line: _BETWEEN.split(line, maxsplit=1) for line in lines}
        found = self._find({text for pair in split.values() for text in pair})
        units = self.production_id.lot_producing_ids
        read, left = [], []
        for line, numbers in split.items():
            lots = [found.get(number) for number in numbers]
            if len(lots) == 2 and all(lots) and lots[0] in units:
                read.append(tuple(lots))
            else:
                left.append(line)
        self._add(read)
        self.pairs = "\n".join(left)
        if left:
            self._complain(
                self.env._(
                    "%(count)s lines are left: the first number must be a unit of "
                    "%(order)s, the second one of its components.",
                    count=len(left),
                    order=self.production_id.name,
                )
            )

    def _add(self, pairs):
        """Add pairs of unit and component that are not in the list yet."""
        # Lots of records that a form has not saved are compared by their origin.
        known = {
            (line.unit_id._origin.id, line.component_id._origin.id): line
            for line in self.line_ids
        }
        units = {
            component: unit
            for unit, component in known
            if self.env["stock.lot"].browse(component).tracking == "serial"
        }
        added = []
        for unit, component in pairs:
            key = (unit._origin.id, component._origin.id)
            if units.get(key[1], key[0]) != key[0]:
                self._complain(self._get_taken_message(component, units[key[1]]))
                return
            if key not in known:
                known[key] = True
                if component.tracking == "serial":
                    units[key[1]] = key[0]
                added.append({"unit_id": key[0], "component_id": key[1]})
        self.line_ids = [Command.create(values) for values in added]
        self._say(self.env._("%(count)s added.", count=len(added)))

    def _find(self, texts):
        """Return ``{text: lot}`` of those texts that name a unit of the order, or a
        lot of a product that it uses. One search, however many they are.
        """
        today = fields.Date.context_today(self)
        scans = {text: read_scan(text, today, typed=True) for text in texts}
        names = {
            text: scan.serial or scan.batch or text for text, scan in scans.items()
        }
        order = self.production_id
        products = order.product_id | order.move_raw_ids.product_id
        lots = self.env["stock.lot"].search(
            [
                ("product_id", "in", products.ids),
                ("name", "in", [*names.values(), *names]),
                ("company_id", "in", [False, order.company_id.id]),
            ]
        )
        units = order.lot_producing_ids._origin
        by_name = {}
        # The order's units come last, so that they win.
        for lot in lots.sorted(lambda lot: lot in units):
            if lot.product_id != order.product_id or lot in units:
                by_name.setdefault(lot.name, {})[gtin_14(lot.product_id.barcode)] = lot
        return {
            text: lot
            for text, scan in scans.items()
            if (lot := _choose(by_name.get(names[text]) or by_name.get(text), scan))
        }

    def _say(self, message):
        self.update({"message": message, "level": "good"})

    def _complain(self, message):
        self.update({"message": message, "level": "wrong"})

    def _get_unknown_message(self, text):
        return self.env._(
            "%(text)s is no unit of %(order)s and no serial or lot of its components.",
            text=text,
            order=self.production_id.name,
        )

    def _get_taken_message(self, component, unit_id):
        return self.env._(
            "%(component)s is in %(unit)s already. Remove it there first.",
            component=component.name,
            unit=self.env["stock.lot"].browse(unit_id).name,
        )

    # ---- Keeping ----

    def action_apply(self):
        """Keep what was chosen, and have the order use the chosen serials.

        :raises UserError: where the order is closed, or uses a chosen lot nowhere.
        """
        self.ensure_one()
        order = self.production_id
        order.check_access("write")
        order._check_open_for_assembly()
        order._set_assembly(
            {(line.unit_id, line.component_id): line.quantity for line in self.line_ids}
        )
        return {"type": "ir.actions.act_window_close"}


def _choose(lots, scan):
    """Return the one of ``{GTIN: lot}`` that the scan means, None for none."""
    if not lots:
        return None
    return lots.get(scan.gtin) if scan.gtin else list(lots.values())[-1]
