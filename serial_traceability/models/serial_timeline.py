from odoo import api, models
from odoo.fields import Datetime, Domain
from odoo.tools import SQL, format_date, format_datetime

from ..core.movement import get_read_point

#: What an entry is made of; one query reads it for a whole page.
_EVENT_FIELDS = (
    "event_type",
    "movement",
    "biz_step",
    "event_time",
    "record_time",
    "source_location_name",
    "destination_location_name",
    "partner_res_id",
    "user_res_id",
    "document_model",
    "document_res_id",
    "document_name",
    "package_name",
    "corrects_event_id",
    "reason",
    "imported",
    "record_hash",
)
_LINE_FIELDS = (
    "event_id",
    "role",
    "quantity",
    "uom",
    "field_name",
    "old_value",
    "new_value",
)
_UNDO = "undo_"


class SerialTimeline(models.AbstractModel):
    """Tells the events of a serial or lot in words, for screens and paper.

    Reads only, as the user: events of companies they may not read stay unseen. What
    an event refers to may be gone; its entry stays readable.
    """

    _name = "serial.timeline"
    _description = "History of Serials in Words"

    @api.model
    def _read_page(self, lot, offset=0, limit=None):
        """Return a lot's events in words, newest first.

        The number of queries does not depend on the number of events.

        :param offset: how many of the newest to leave out.
        :param limit: how many to return, None for all.
        :return: pair of the list of entries, see :meth:`_get_entry`, and whether
            there are older ones.
        """
        events = self.env["serial.event"].search_fetch(
            # The lines of a readable event are readable: the rule of one is the
            # other's.
            Domain("line_ids", "any!", Domain("lot_id", "=", lot.id)),
            _EVENT_FIELDS,
            offset=offset,
            limit=limit and limit + 1,
        )
        page = events[:limit] if limit else events
        return self._get_entries(lot, page), len(events) > len(page)

    @api.model
    def _get_entries(self, lot, events):
        lines = (
            self.env["serial.event.line"]
            .search_fetch(
                [("lot_id", "=", lot.id), ("event_id", "in", events.ids)],
                _LINE_FIELDS,
                order="sequence",
            )
            .grouped("event_id")
        )
        references = self._get_references(lot, events)
        return [self._get_entry(event, lines[event], references) for event in events]

    @api.model
    def _get_entry(self, event, lines, references):
        """Return one event as a reader sees it: texts, and ids to click on.

        :param lines: the event's lines about the serial.
        :param references: see :meth:`_get_references`.
        """
        moved = event.event_type != "change"
        corrections = references["corrections"].get(event, event.browse())
        return {
            "id": event.id,
            "step": event.biz_step or event.event_type,
            "title": self._get_title(event, lines, references),
            "details": self._get_details(event, lines),
            "source": (moved and event.source_location_name) or "",
            "destination": (moved and event.destination_location_name) or "",
            "time": format_datetime(self.env, event.event_time),
            "recorded": format_datetime(self.env, event.record_time),
            "user": references["users"].get(event.user_res_id, ""),
            "document": self._get_document(event, references),
            "imported": event.imported,
            "corrects": event.corrects_event_id.id,
            "corrected_by": corrections[:1].id,
            "taken_back": any(each.event_type != "change" for each in corrections),
            "hash": event.record_hash,
        }

    # ---- What events refer to ----

    @api.model
    def _get_references(self, lot, events):
        """Return the names of all that ``events`` refer to, in few queries.

        :return: ``partners`` and ``users`` by id, ``documents`` as the set of pairs
            of model and id that the user may open, ``corrections`` from an event to
            those that correct it for ``lot``, newest first.
        """
        return {
            "partners": self._get_partner_names(events),
            "users": self._get_user_names(events),
            "documents": self._get_documents(events),
            "corrections": self._get_corrections(lot, events),
        }

    @api.model
    def _get_partner_names(self, events):
        """Return ``{id as the events have it: name}`` of the other sides."""
        readable = events.partner_id._filtered_access("read")
        names = {}
        for event in events.filtered("partner_res_id"):
            number, partner = event.partner_res_id, event.partner_id
            if not partner:
                name = self.env._("deleted contact no. %(number)s", number=number)
            elif partner not in readable:
                name = self.env._("contact no. %(number)s", number=number)
            else:
                name = partner.display_name
            names[number] = name
        return names

    @api.model
    def _get_user_names(self, events):
        """Return ``{id as the events have it: name}`` of who recorded them."""
        readable = events.user_id._filtered_access("read")
        names = {}
        for event in events.filtered("user_res_id"):
            number, user = event.user_res_id, event.user_id
            if not user:
                name = self.env._("deleted user no. %(number)s", number=number)
            elif user not in readable:
                name = self.env._("user no. %(number)s", number=number)
            else:
                name = user.display_name
            names[number] = name
        return names

    @api.model
    def _get_documents(self, events):
        """Return ``{(model, id)}`` of the events' documents that the user may open."""
        found = set()
        for model, group in events.grouped("document_model").items():
            if model and model in self.env:
                documents = self.env[model].browse(group.mapped("document_res_id"))
                readable = documents.exists()._filtered_access("read")
                found |= {(model, document.id) for document in readable}
        return found

    @api.model
    def _get_corrections(self, lot, events):
        """Return ``{event: events that correct it}``: of many units in an event, the
        correction of one says nothing of the others.
        """
        corrections = self.env["serial.event"].search_fetch(
            Domain("corrects_event_id", "in", events.ids)
            & Domain("line_ids", "any!", Domain("lot_id", "=", lot.id)),
            ["corrects_event_id", "event_type"],
        )
        return corrections.grouped("corrects_event_id")

    @api.model
    def _get_document(self, event, references):
        """Return the name of the event's document, with an id if it can be opened."""
        if not event.document_name:
            return False
        key = (event.document_model, event.document_res_id)
        return {
            "name": event.document_name,
            "model": event.document_model,
            "id": event.document_res_id if key in references["documents"] else False,
        }

    # ---- Words ----

    @api.model
    def _get_title(self, event, lines, references):
        """Return in one sentence what happened to the unit of ``lines``."""
        if event.event_type == "change" and len(lines) == 1:
            return self._with_reason(self._get_change_text(lines), event)
        return self._get_event_title(event, references["partners"])

    @api.model
    def _get_event_title(self, event, partners):
        """Return in one sentence what happened, whatever the units.

        :param partners: see :meth:`_get_partner_names`.
        """
        if event.movement == "recall":
            words = self.env["serial.recall.words"]
            return self._with_reason(words._get_event_text(event), event)
        if event.event_type == "change":
            return self._with_reason(self.env._("Corrected"), event)
        movement = event.movement or ""
        partner = partners.get(event.partner_res_id, "")
        title = self._get_movement_title(event, movement.removeprefix(_UNDO), partner)
        if movement.startswith(_UNDO):
            return self.env._("Taken back: %(what)s", what=title)
        return self._with_reason(title, event)

    @api.model
    def _with_reason(self, what, event):
        if not event.reason:
            return what
        return self.env._(
            "%(what)s, because %(reason)s", what=what, reason=event.reason.strip()
        )

    @api.model
    def _get_movement_title(self, event, movement, partner):
        titles = self._get_titles(event)
        if partner:
            titles |= self._get_partner_titles(partner)
        if movement in titles:
            return titles[movement]
        steps = dict(event._fields["biz_step"]._description_selection(self.env))
        return steps.get(event.biz_step) or self.env._("Moved")

    @api.model
    def _get_titles(self, event):
        """Return sentences by movement, see ``core.movement``; bridges add theirs."""
        package = event.package_name or ""
        return {
            "scrap": self.env._("Scrapped"),
            "count_loss": self.env._("Not found when stock was counted"),
            "count_found": self.env._("Found when stock was counted"),
            "receipt": self.env._("Received"),
            "receipt_step": self.env._("Received"),
            "dropship": self.env._("Shipped by the supplier straight to the customer"),
            "dropship_return": self.env._(
                "Sent by the customer straight back to the supplier"
            ),
            "customer_return": self.env._("Returned by the customer"),
            "supplier_return": self.env._("Sent back to the supplier"),
            "delivery": self.env._("Shipped"),
            "consumption": self.env._("Used in production"),
            "production": self.env._("Made"),
            "transfer_out": self.env._("Left for another warehouse"),
            "transfer_in": self.env._("Arrived from another warehouse"),
            "transfer_in_step": self.env._("Arrived from another warehouse"),
            "transport": self.env._("On its way between warehouses"),
            "pick": self.env._("Picked"),
            "pack": self.env._("Brought to shipping"),
            "putaway": self.env._("Put away"),
            "internal_step": self.env._("Moved"),
            "other": self.env._("Moved"),
            "pack_in": self.env._("Put into package %(package)s", package=package),
            "unpack": self.env._("Taken out of package %(package)s", package=package),
            "commission": self.env._("Number given to a new unit"),
            "stocktake": self.env._("Found in stock and given its number"),
            "encode": self.env._("Label printed"),
            "decommission": self.env._("Taken out of use"),
            "destroy": self.env._("Destroyed"),
            "hold": self.env._("Put on hold"),
            "release": self.env._("Released from a hold"),
            "override": self.env._("Let pass although it was on hold"),
            "recall_return": self.env._("Back under a recall"),
            "recall_correct": self.env._("Put right under a recall"),
            "recall_refund": self.env._("Refunded under a recall"),
            "recall_lose": self.env._("Not recovered under a recall"),
            "recall_destroy": self.env._("Some of the lot destroyed under a recall"),
        }

    @api.model
    def _get_partner_titles(self, partner):
        """Return those sentences that name the other side, where it is known."""
        received = self.env._("Received from %(partner)s", partner=partner)
        return {
            "receipt": received,
            "receipt_step": received,
            "dropship": self.env._(
                "Shipped by the supplier straight to %(partner)s", partner=partner
            ),
            "dropship_return": self.env._(
                "Sent straight back to the supplier by %(partner)s", partner=partner
            ),
            "customer_return": self.env._("Returned by %(partner)s", partner=partner),
            "supplier_return": self.env._("Sent back to %(partner)s", partner=partner),
            "delivery": self.env._("Shipped to %(partner)s", partner=partner),
        }

    @api.model
    def _get_details(self, event, lines):
        """Return what is to be said below the title: a list of texts."""
        if event.event_type == "change":
            changes = lines if len(lines) > 1 else lines.browse()
            return [self._get_change_text(line) for line in changes]
        return [
            self.env._(
                "Quantity: %(quantity)g %(uom)s",
                quantity=line.quantity,
                uom=line.uom or "",
            )
            for line in lines
            if line.role == "quantity"
        ]

    @api.model
    def _get_change_text(self, line):
        field = self._get_field(line.field_name)
        return self.env._(
            "%(field)s corrected: %(old)s → %(new)s",
            field=self._get_label(line.field_name),
            old=self._get_value_text(line.old_value, field),
            new=self._get_value_text(line.new_value, field),
        )

    @api.model
    def _get_field(self, path):
        """Return the field at the end of a path from a serial, None if it is gone."""
        model, field = self.env["stock.lot"], None
        for name in (path or "").split("."):
            field = model._fields.get(name)
            if field is None or not field.relational:
                return field
            model = self.env[field.comodel_name]
        return field

    @api.model
    def _get_label(self, path):
        """Return the name of the field at the end of a path from a serial."""
        if path == "name":
            return self.env._("Number")
        field = self._get_field(path)
        return field._description_string(self.env) if field else path

    @api.model
    def _get_value_text(self, value, field):
        """Return a kept value as the user's language and time zone write it."""
        if not value:
            return self.env._("nothing")
        if field and field.type == "datetime":
            return format_datetime(self.env, Datetime.to_datetime(value))
        if field and field.type == "date":
            return format_date(self.env, value)
        if field and field.comodel_name == "res.partner":
            return self._get_partner_text(int(value))
        return value

    @api.model
    def _get_partner_text(self, number):
        """Return the name of a contact that an event keeps by id, as far as the
        reader may see it.
        """
        survivors = self.env["serial.party.alias"]._get_survivors([number])
        partner = self.env["res.partner"].browse(survivors[number]).exists()
        if not partner:
            return self.env._("deleted contact no. %(number)s", number=number)
        if not partner._filtered_access("read"):
            return self.env._("contact no. %(number)s", number=number)
        return partner.display_name

    # ---- What is not told yet ----

    @api.model
    def _get_notice(self, lot):
        """Return a warning that older steps of a lot are not told yet, or ""."""
        progress = self.env["serial.history.import"]
        job = progress._get_job()
        if job.state == "done":
            return ""
        past = SQL(
            "SELECT 1 FROM stock_move_line ml WHERE ml.lot_id = %(lot)s "
            "AND ml.company_id = ANY(%(companies)s) AND %(untold)s LIMIT 1",
            lot=lot.id,
            companies=self.env.companies.ids,
            untold=progress._get_past(),
        )
        if not self.env.execute_query(past):
            return ""
        return self.env._(
            "Older steps are missing: what happened before this app was installed is "
            "imported to %(percent)d %%.",
            percent=job.percent,
        )

    # ---- Last seen ----

    @api.model
    def _get_last_seen(self, lots):
        """Return ``{lot id: event}``, the last that moved or observed each lot.

        One query for all lots; corrections of what we know, and that a unit was made
        of its components, are no sightings. Of all companies that the user has
        switched on.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.lot_id) line.lot_id, event.id
                FROM serial_event_line line
                JOIN serial_event event ON event.id = line.event_id
                WHERE line.lot_id = ANY(%(lots)s)
                    AND event.event_type NOT IN ('change', 'TransformationEvent')
                    AND event.company_id = ANY(%(companies)s)
                ORDER BY line.lot_id, event.event_time DESC, event.id DESC
                """,
                lots=lots.ids,
                companies=self.env.companies.ids,
            )
        )
        events = self.env["serial.event"].browse(event_id for _lot, event_id in rows)
        return dict(zip((lot_id for lot_id, _event in rows), events, strict=True))

    @api.model
    def _get_observed_place(self, event):
        """Return the name of the location where an event was observed.

        By the movement, not by the read point's URI: that was made of the uuid which
        the database had then, and a copy has another one.
        """
        moved = event.destination_location_res_id
        if not moved or get_read_point(event.movement) == "source":
            return event.source_location_name
        return event.destination_location_name
