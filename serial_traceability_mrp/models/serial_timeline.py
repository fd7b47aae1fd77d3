from odoo import api, models
from odoo.tools import SQL

#: How many of the other side an entry names; of more it says how many.
_NAMED = 5


class SerialTimeline(models.AbstractModel):
    _inherit = "serial.timeline"

    @api.model
    def _get_references(self, lot, events):
        """Add ``built``: by event, which units and components the lot met in it."""
        return super()._get_references(lot, events) | {
            "built": self._get_built(
                lot, events.filtered(lambda event: event.movement == "assembly")
            )
        }

    @api.model
    def _get_built(self, lot, events):
        """Return ``{event id: (names of the other side, how many there are)}``.

        One query for all events, however many units they have.
        """
        if not events:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.event_id, array_agg(other.lot_name ORDER BY other.sequence)
                    FILTER (WHERE other.place <= %(named)s), max(other.place)
                FROM serial_event_line own
                JOIN LATERAL (
                    SELECT line.lot_name, line.sequence,
                        row_number() OVER (ORDER BY line.sequence) AS place
                    FROM serial_event_line line
                    WHERE line.event_id = own.event_id AND line.role <> own.role
                ) other ON TRUE
                WHERE own.lot_id = %(lot)s AND own.event_id = ANY(%(events)s)
                GROUP BY own.event_id
                """,
                named=_NAMED,
                lot=lot.id,
                events=events.ids,
            )
        )
        return {event_id: (names, count) for event_id, names, count in rows}

    @api.model
    def _get_title(self, event, lines, references):
        """Say of an assembly what was built into what, as the lot saw it."""
        names, count = references["built"].get(event.id, ((), 0))
        if not count:
            return super()._get_title(event, lines, references)
        said = ", ".join(names)
        if count > len(names):
            said = self.env._(
                "%(names)s and %(more)s more", names=said, more=count - len(names)
            )
        if "output" in lines.mapped("role"):
            return self.env._("Made of %(components)s", components=said)
        if count > 1:
            return self.env._("Built into one of %(units)s", units=said)
        return self.env._("Built into %(units)s", units=said)

    @api.model
    def _get_titles(self, event):
        return super()._get_titles(event) | {
            "assembly": self.env._("Units made of components"),
        }
