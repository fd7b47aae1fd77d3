import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const PAGE_SIZE = 20;

/** Font Awesome icon of each business step; bridges add theirs. */
export const STEP_ICONS = {
    assembling: "fa-cogs",
    change: "fa-pencil",
    commissioning: "fa-industry",
    cycle_counting: "fa-list-ol",
    destroying: "fa-trash",
    holding: "fa-pause",
    packing: "fa-archive",
    picking: "fa-hand-paper-o",
    receiving: "fa-sign-in",
    shipping: "fa-truck",
    staging_outbound: "fa-dropbox",
    storing: "fa-cubes",
    transporting: "fa-road",
    unpacking: "fa-folder-open-o",
    void_shipping: "fa-undo",
};

/**
 * The history of a serial, newest first, a page at a time. The server says what each
 * event is in the user's language; this shows it.
 */
export class SerialTimeline extends Component {
    static template = "serial_traceability.SerialTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ entries: [], hasOlder: false, loading: true, notice: "" });
        let shown;
        useRecordObserver((record) => {
            const version = this.version(record);
            if (version !== shown) {
                shown = version;
                return this.reload(record);
            }
        });
    }

    /** What changes when there is something new to show. */
    version(record) {
        return `${record.resId}:${record.data.event_count}`;
    }

    icon(entry) {
        return STEP_ICONS[entry.step] || "fa-arrows-h";
    }

    async reload(record) {
        if (!record.resId) {
            Object.assign(this.state, { entries: [], hasOlder: false, loading: false });
            return;
        }
        const page = await this.load(record.resId, 0);
        this.state.entries = page.entries;
    }

    async showOlder() {
        const page = await this.load(this.props.record.resId, this.state.entries.length);
        this.state.entries.push(...page.entries);
    }

    async load(resId, offset) {
        this.state.loading = true;
        const page = await this.keepLast.add(
            this.orm.call("stock.lot", "get_timeline", [[resId]], {
                offset,
                limit: PAGE_SIZE,
            })
        );
        this.state.loading = false;
        this.state.hasOlder = page.has_older;
        this.state.notice = page.notice;
        return page;
    }

    openDocument(document) {
        this.open(document.model, document.id);
    }

    openEvent(eventId) {
        this.open("serial.event", eventId);
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

export const serialTimeline = {
    component: SerialTimeline,
    fieldDependencies: [{ name: "event_count", type: "integer" }],
};

registry.category("view_widgets").add("serial_timeline", serialTimeline);
