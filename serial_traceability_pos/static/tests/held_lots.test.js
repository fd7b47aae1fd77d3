import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { SelectLotPopup } from "@point_of_sale/app/components/popups/select_lot_popup/select_lot_popup";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";

definePosModels();

const MESSAGE = "P1 is on hold: Quality. Take another unit.";

function answerHeldLots() {
    onRpc("pos.order.line", "get_held_lots", ({ args }) => {
        expect.step(`asked for ${args[1]}`);
        return [{ name: "P1", message: MESSAGE }];
    });
}

test("the lot editor says why a number is on hold", async () => {
    answerHeldLots();
    const store = await setupPosEnv();
    await store.loadHeldLots({ id: 5 });
    expect.verifySteps(["asked for 5"]);
    await mountWithCleanup(MainComponentsContainer);
    store.dialog.add(SelectLotPopup, {
        array: [],
        isSingleItem: false,
        title: "Numbers",
        name: "Phone",
        getPayload: (lots) => expect.step(lots.map((lot) => lot.text)),
        options: [{ id: 1, name: "P2", product_qty: 1 }],
        customInput: true,
        isLotNameUsed: () => false,
    });
    await waitFor(".lot-container input");
    await contains(".lot-container input").edit("P1", { confirm: false });
    await runAllTimers();
    await waitFor(".o-autocomplete--dropdown-item:contains(on hold)");
    await contains(".o-autocomplete--dropdown-item").click();
    expect(".lot-item").toHaveCount(0);
    expect(".o_notification:contains(on hold)").toHaveCount(1);
    await contains(".modal-footer .btn-primary").click();
    expect.verifySteps([[]]);
});

test("a scanned unit on hold is not put on the order", async () => {
    answerHeldLots();
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const product = store.models["product.product"].get(5);
    const line = await store.addLineToOrder(
        { product_id: product, product_tmpl_id: product.product_tmpl_id },
        order,
        { code: { type: "lot", code: "P1" } }
    );
    expect(line).toBe(undefined);
    expect(order.lines).toHaveLength(2);
    expect.verifySteps(["asked for 5"]);
});

test("without a connection nothing is known to be on hold", async () => {
    const store = await setupPosEnv();
    store.heldLots = new Map([["P1", MESSAGE]]);
    patchWithCleanup(store.data, {
        call: () => Promise.reject(new ConnectionLostError("/")),
    });
    const held = await store.loadHeldLots({ id: 5 });
    expect(held.size).toBe(0);
});

test("what is sold without a connection is handed over", async () => {
    expect.errors(1);
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    validation.afterOrderValidation = () => expect.step("goes on");
    validation.handleValidationError(new ConnectionLostError("/"));
    expect(order.serial_handed_over).toBe(true);
    expect.verifySteps(["goes on"]);
    await expect.waitForErrors([/couldn't be established/]);
});

test("what the server refuses is not handed over", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    const refusal = new RPCError("Refused");
    refusal.data = { message: MESSAGE };
    validation.handleValidationError(refusal);
    expect(order.serial_handed_over).not.toBe(true);
    expect(order.state).toBe("draft");
});
