import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { router } from "@web/core/browser/router";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { formatFloat } from "@web/core/utils/numbers";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { TraceGraph } from "./trace_graph";
import { TraceList } from "./trace_list";

const BOXES = 12;
const EXPORT_URL = "/serial_traceability/trace/export";

/**
 * Shows where goods came from and where they went.
 *
 * The record is told by `active_model` and `active_ids` (or `active_id`) of the
 * action's context. The server makes the trace; this screen shows it.
 */
export class SerialTrace extends Component {
    static template = "serial_traceability.SerialTrace";
    static components = { Layout, TraceGraph, TraceList };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {}, searchPanel: false };
        this.readSubject();
        this.state = useState({
            direction: this.props.state?.direction || "both",
            boxes: BOXES,
            trace: null,
            isLoading: true,
            error: "",
            only: null,
        });
        useSetupAction({ getLocalState: () => ({ direction: this.state.direction }) });
        onWillStart(() => {
            // Not awaited: the screen shows that it is reading.
            this.load();
        });
    }

    /** Find out what is traced, and keep it in the address for a reload. */
    readSubject() {
        const context = this.props.action.context;
        // A link that was sent to somebody else has no context, only an address.
        this.model = context.active_model || router.current.active_model;
        const ids = context.active_ids || context.active_id || [];
        this.ids = [ids].flat();
        this.props.updateActionState?.({
            active_model: this.model,
            active_ids: this.ids.join(","),
        });
    }

    async load() {
        const { direction, boxes } = this.state;
        Object.assign(this.state, { isLoading: true, error: "", only: null });
        try {
            this.state.trace = await this.keepLast.add(this.fetchTrace(direction, boxes));
            this.tellName();
        } catch (error) {
            this.state.trace = null;
            this.state.error = error.data?.message || error.message;
        }
        this.state.isLoading = false;
    }

    async fetchTrace(direction, boxes) {
        if (!this.model || !this.ids.length) {
            throw new Error(_t("Open the trace from a serial, a batch or a transfer."));
        }
        return this.orm.silent.call("serial.trace", "get_trace", [this.model, this.ids], {
            direction,
            per_column: boxes,
        });
    }

    tellName() {
        const name = this.state.trace.subject.name;
        this.env.config.setDisplayName(_t("Trace: %s", name));
    }

    // ---- Showing ----

    get directions() {
        return [
            { key: "back", label: _t("Where from") },
            { key: "forward", label: _t("Where to") },
            { key: "both", label: _t("Both ways") },
        ];
    }

    get totals() {
        const totals = this.state.trace.totals;
        return [
            { key: "serials", label: _t("Serials") },
            { key: "lots", label: _t("Lots") },
            { key: "suppliers", label: _t("Suppliers") },
            { key: "customers", label: _t("Customers") },
            { key: "documents", label: _t("Documents") },
            { key: "steps", label: _t("Steps") },
        ]
            .filter(({ key }) => totals[key])
            .map((each) => ({ ...each, count: this.number(totals[each.key]) }));
    }

    get isCut() {
        return this.state.trace.rows.length < this.state.trace.row_count;
    }

    /** Return what to say where older events may be missing, else nothing. */
    get importNote() {
        const { state, percent } = this.state.trace.import;
        if (["none", "done"].includes(state)) {
            return "";
        }
        return _t(
            "The past from before this app was installed is imported to %s%; older steps may be missing.",
            Math.floor(percent)
        );
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    /** Return the name of a serial whose id a box tells. */
    nameOf(lotId) {
        return this.state.trace.lots.find((lot) => lot.id === lotId)?.name || String(lotId);
    }

    // ---- Doing ----

    onDirection(direction) {
        this.state.direction = direction;
        this.load();
    }

    onShowMore() {
        this.state.boxes *= 4;
        this.load();
    }

    onShowUnits(node) {
        this.state.only = node;
        document.querySelector(".o_serial_trace_list")?.scrollIntoView({ behavior: "smooth" });
    }

    onShowAll() {
        this.state.only = null;
    }

    onOpen(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async onExport(fileFormat) {
        await download({
            url: EXPORT_URL,
            data: {
                model: this.model,
                ids: this.ids.join(","),
                direction: this.state.direction,
                file_format: fileFormat,
            },
        });
    }
}

registry.category("actions").add("serial_trace", SerialTrace);
