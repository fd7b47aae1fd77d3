import { COMMANDS } from "@barcodes/barcode_handlers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { ConnectionLostError } from "@web/core/network/rpc";
import { uuid } from "@web/core/utils/strings";
import { Mutex } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useRef, useState } from "@odoo/owl";

/** What Odoo prints for its own apps: the return slip has the command to return it. */
const PRINTED_COMMANDS = ["OBTRETU"];
const BUTTON_PREFIX = "OBT";
const COLORS = { good: "success", warning: "warning", wrong: "danger" };

/**
 * @param {string} text what the scanner returned
 * @param {HTMLElement} page where the buttons are that a code can press
 * @returns {boolean} whether Odoo does something by this very code; a serial may well
 *  begin as the commands do
 */
function isCommand(text, page) {
    if (Object.hasOwn(COMMANDS, text) || PRINTED_COMMANDS.includes(text)) {
        return true;
    }
    const buttons = [...page.querySelectorAll("[barcode_trigger]")];
    return buttons.some(
        (button) => text === BUTTON_PREFIX + button.getAttribute("barcode_trigger")
    );
}

/**
 * Puts each unit that a hardware scanner or the camera reads on the record that is
 * open, a transfer or a place of a stocktake. The server decides what the unit is and
 * whether it may be here; this shows its answer. Scans are sent one after the other, each under a name of its own, so that one
 * which is sent again after a lost connection moves nothing twice.
 */
export class SerialScanner extends Component {
    static template = "serial_traceability.SerialScanner";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.notification = useService("notification");
        this.barcode = useService("barcode");
        this.hasCamera = isBarcodeScannerSupported();
        this.mutex = new Mutex();
        this.root = useRef("root");
        this.state = useState({ answer: null, text: "", isBusy: false });
        useBus(this.barcode.bus, "barcode_scanned", (ev) => this.onScanned(ev.detail.barcode));
    }

    get answerClass() {
        return `alert-${COLORS[this.state.answer.level]}`;
    }

    /** A scan is ours unless it is a command or somebody works in a dialog above. */
    onScanned(text) {
        const page = this.ui.activeElement;
        if (!page.contains(this.root.el) || isCommand(text, page)) {
            return;
        }
        return this.mutex.exec(() => this.send(text, uuid()));
    }

    async onCamera() {
        const text = await scanBarcode(this.env, "environment");
        if (text) {
            await this.mutex.exec(() => this.send(text, uuid()));
        }
    }

    /**
     * @param {string} text what the scanner returned
     * @param {string} scanUuid names this scan
     */
    async send(text, scanUuid) {
        const record = this.props.record;
        if (!(await record.save())) {
            return this.show({
                level: "wrong",
                title: _t("Not accepted"),
                message: _t("This page cannot be saved. Correct it and scan again."),
                text,
            });
        }
        this.state.isBusy = true;
        try {
            const answer = await this.call(record.resId, text, scanUuid);
            this.show({ ...answer, text });
            if (answer.level !== "wrong") {
                await record.load();
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    async call(resId, text, scanUuid) {
        const args = [[resId], text, scanUuid];
        const model = this.props.record.resModel;
        try {
            return await this.orm.call(model, "serial_scan", args);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return await this.orm.call(model, "serial_scan", args);
            }
            throw error;
        }
    }

    show(answer) {
        this.state.answer = answer;
        this.notification.add(answer.message || answer.title, {
            title: answer.message ? answer.title : undefined,
            type: COLORS[answer.level],
        });
    }
}

export const serialScanner = { component: SerialScanner };

registry.category("view_widgets").add("serial_scanner", serialScanner);
