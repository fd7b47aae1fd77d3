import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { SerialScanner } from "@serial_traceability/serial_scanner/serial_scanner";
import { expect, test } from "@odoo/hoot";
import { queryOne, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { ORM } from "@web/core/orm_service";
import { Dialog } from "@web/core/dialog/dialog";
import { Component, xml } from "@odoo/owl";

class StockPicking extends models.Model {
    _name = "stock.picking";
    name = fields.Char();
    note = fields.Char();
    _records = [{ id: 1, name: "IN/1", note: "" }];
}
defineMailModels();
defineModels([StockPicking]);

const GOOD = { verdict: "ok", level: "good", title: "Phone A1: 1 of 2", message: "" };
const WRONG = {
    verdict: "duplicate",
    level: "wrong",
    title: "Not accepted",
    message: "Already scanned.",
};

async function mountTransfer() {
    await mountView({
        type: "form",
        resModel: "stock.picking",
        resId: 1,
        arch: `<form>
            <header><button name="validate" type="object" barcode_trigger="VALI"/></header>
            <field name="name"/><widget name="serial_scanner"/>
        </form>`,
    });
}

async function scan(barcode) {
    getService("barcode").bus.trigger("barcode_scanned", {
        barcode,
        target: document.body,
    });
    await animationFrame();
}

test("a scan is sent with a name of its own and its answer is shown", async () => {
    onRpc("stock.picking", "serial_scan", ({ args }) => {
        expect.step(args[1]);
        expect(args[0]).toEqual([1]);
        expect(args[2]).toMatch(/^[0-9a-f]{16,}$/);
        return GOOD;
    });
    onRpc("web_read", () => expect.step("read"));
    await mountTransfer();
    await scan("]d2A1");
    await waitFor(".o_serial_scanner_answer.alert-success", { timeout: 3000 });
    expect(queryOne(".o_serial_scanner_answer")).toHaveText("Phone A1: 1 of 2");
    await animationFrame();
    expect.verifySteps(["read", "]d2A1", "read"]);
});

test("a refused scan is shown in red and says why", async () => {
    onRpc("stock.picking", "serial_scan", () => WRONG);
    await mountTransfer();
    await scan("]d2A1");
    await waitFor(".o_serial_scanner_answer.alert-danger", { timeout: 3000 });
    expect(".o_serial_scanner_answer strong").toHaveText("Not accepted");
    expect(".o_serial_scanner_answer span").toHaveText("Already scanned.");
    expect(".o_notification").toHaveCount(1);
});

test("commands of Odoo are left to Odoo", async () => {
    onRpc("stock.picking", "serial_scan", () => expect.step("scan"));
    onRpc("stock.picking", "validate", () => {
        expect.step("validate");
        return false;
    });
    await mountTransfer();
    for (const code of ["OCDSAVE", "OCDPAGERFIRST", "OBTVALI", "OBTRETU"]) {
        await scan(code);
    }
    await animationFrame();
    expect.verifySteps(["validate"]);
});

test("serials that begin like commands of Odoo are scans", async () => {
    const serials = [
        "OCD0042",
        "OCDSAVE1",
        "OBT0042",
        "OBTVALI2",
        "OBT",
        "O-CMD1",
        "O-BTN.7",
        "toString",
    ];
    // Odoo looks for a button of that name first, and warns where there can be none.
    patchWithCleanup(console, { warn: () => {} });
    onRpc("stock.picking", "serial_scan", ({ args }) => {
        expect.step(args[1]);
        return WRONG;
    });
    await mountTransfer();
    for (const serial of serials) {
        await scan(serial);
    }
    await expect.waitForSteps(serials, { timeout: 5000 });
});

test("changes are saved before a unit is put on the transfer", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1].name));
    onRpc("stock.picking", "serial_scan", () => {
        expect.step("scan");
        return GOOD;
    });
    await mountTransfer();
    await contains("[name='name'] input").edit("IN/2");
    await scan("]d2A1");
    await waitFor(".o_serial_scanner_answer", { timeout: 3000 });
    expect.verifySteps(["IN/2", "scan"]);
});

test("a scan that got lost is sent again under the same name", async () => {
    const names = [];
    patchWithCleanup(ORM.prototype, {
        async call(model, method, args) {
            if (method !== "serial_scan") {
                return super.call(...arguments);
            }
            names.push(args[2]);
            if (names.length === 1) {
                throw new ConnectionLostError("/web/dataset/call_kw");
            }
            return GOOD;
        },
    });
    await mountTransfer();
    await scan("]d2A1");
    await waitFor(".o_serial_scanner_answer.alert-success", { timeout: 3000 });
    expect(names).toHaveLength(2);
    expect(names[0]).toBe(names[1]);
});

test("scans in a dialog above are not ours", async () => {
    class Above extends Component {
        static template = xml`<Dialog>above</Dialog>`;
        static components = { Dialog };
        static props = ["*"];
    }
    onRpc("stock.picking", "serial_scan", () => expect.step("scan"));
    await mountTransfer();
    getService("dialog").add(Above);
    await waitFor(".o_dialog", { timeout: 3000 });
    await scan("]d2A1");
    expect.verifySteps([]);
});

test("the component can be extended", () => {
    expect(SerialScanner.template).toBe("serial_traceability.SerialScanner");
});
