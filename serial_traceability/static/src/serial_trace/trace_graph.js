import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { BOX, expandUnits, layOut, shortRange } from "./trace_layout";

/** Serials of one box that may be drawn one by one. */
export const MOST_SINGLE_BOXES = 20;

const ICONS = {
    document: "fa-file-text-o",
    partner: "fa-user-o",
    place: "fa-map-marker",
    units: "fa-barcode",
};

/** Draws the graph of a trace: boxes that can be clicked, lines with counts. */
export class TraceGraph extends Component {
    static template = "serial_traceability.TraceGraph";
    static props = {
        graph: Object,
        nameOf: Function,
        onOpen: Function,
        onShowUnits: Function,
        onShowMore: Function,
    };

    setup() {
        this.state = useState({ open: [] });
        this.root = useRef("root");
        // Columns are centred, so that the middle is where all of them have boxes.
        onMounted(() => {
            const { el } = this.root;
            el.scrollTop = (el.scrollHeight - el.clientHeight) / 2;
        });
    }

    get drawing() {
        const open = new Set(this.state.open);
        return layOut(expandUnits(this.props.graph, open, this.props.nameOf));
    }

    get boxStyle() {
        return `width:${BOX.width}px;height:${BOX.height}px;`;
    }

    icon(node) {
        return ICONS[node.kind];
    }

    heading({ stage, round }) {
        return {
            source: _t("Came from"),
            inbound: round ? _t("Came back") : _t("Incoming"),
            units: _t("Serials and lots"),
            inside: _t("Stock and steps"),
            outbound: _t("Outgoing"),
            destination: _t("Went to"),
        }[stage];
    }

    label(node) {
        if (node.merged > 1) {
            return _t("%s more", this.whole(node.merged));
        }
        return node.count > 1 ? _t("%s serials", this.whole(node.count)) : node.label;
    }

    detail(node) {
        if (node.merged > 1) {
            return _t("Show more boxes");
        }
        if (node.count > 1) {
            return shortRange(node.first, node.last);
        }
        if (node.time) {
            const day = formatDate(deserializeDateTime(node.time));
            return node.detail ? `${day} · ${node.detail}` : day;
        }
        return node.detail;
    }

    /** All that a box says, for who points at it. */
    title(node) {
        const lines = [this.label(node), this.detail(node)];
        if (node.count > 1) {
            lines.push(`${node.first} – ${node.last}`, node.detail);
        }
        return lines.filter(Boolean).join("\n");
    }

    whole(number) {
        return formatFloat(number, { digits: [16, 0] });
    }

    amount({ units, quantities }) {
        const parts = units ? [this.whole(units)] : [];
        for (const [uom, quantity] of Object.entries(quantities)) {
            parts.push(`${formatFloat(quantity, { trailingZeros: false })} ${uom}`);
        }
        return parts.join(" + ");
    }

    canOpen(node) {
        return node.merged > 1 || node.kind === "units" || Boolean(node.res_id);
    }

    canExpand(node) {
        return node.count > 1 && node.count <= MOST_SINGLE_BOXES;
    }

    onClick(node) {
        if (node.merged > 1) {
            this.props.onShowMore();
        } else if (node.res_id) {
            this.props.onOpen(node.res_model, node.res_id);
        } else if (node.kind === "units") {
            this.props.onShowUnits(node);
        }
    }

    onExpand(node) {
        this.state.open.push(node.key);
    }
}
