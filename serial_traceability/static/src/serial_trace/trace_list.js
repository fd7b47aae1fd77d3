import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { Pager } from "@web/core/pager/pager";

/** Rows of one page; fewer on a phone, where the graph follows below. */
export const PAGE = 80;
export const SMALL_PAGE = 20;

/** Lists the steps of a trace: one row a serial and step, paged, searched here. */
export class TraceList extends Component {
    static template = "serial_traceability.TraceList";
    static components = { Pager };
    static props = {
        trace: Object,
        only: { type: [Object, { value: null }], optional: true },
        onOpen: Function,
        onShowAll: Function,
    };

    setup() {
        this.state = useState({ search: "", offset: 0 });
    }

    /** Rows that fit the search and the chosen box, as lots and events. */
    get rows() {
        const { rows, lots, events } = this.props.trace;
        const only = this.props.only && new Set(this.props.only.lot_ids);
        const words = this.state.search.toLowerCase().split(/\s+/).filter(Boolean);
        const found = [];
        for (const [lotAt, eventAt, quantity, uom, container] of rows) {
            const lot = lots[lotAt];
            const event = events[eventAt];
            if (only && !only.has(lot.id)) {
                continue;
            }
            if (words.length && !this.fits(words, lot, event, container)) {
                continue;
            }
            found.push({ key: found.length, lot, event, quantity, uom, container });
        }
        return found;
    }

    fits(words, lot, event, container) {
        const text = [
            lot.name, lot.product, lot.batch, container, event.document, event.origin,
            event.partner, event.source, event.destination, event.step,
        ].join("\n").toLowerCase();
        return words.every((word) => text.includes(word));
    }

    get page() {
        const rows = this.rows;
        const offset = this.state.offset < rows.length ? this.state.offset : 0;
        return { rows: rows.slice(offset, offset + this.limit), offset, total: rows.length };
    }

    get limit() {
        return this.env.isSmall ? SMALL_PAGE : PAGE;
    }

    time(event) {
        return formatDateTime(deserializeDateTime(event.time));
    }

    amount({ quantity, uom }) {
        return `${formatFloat(quantity, { trailingZeros: false })} ${uom}`;
    }

    onSearch(event) {
        this.state.search = event.target.value;
        this.state.offset = 0;
    }

    onPage({ offset }) {
        this.state.offset = offset;
    }
}
