import { ConnectionLostError } from "@web/core/network/rpc";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    async setup() {
        /** Why lots of the product at hand are stopped, by number. */
        this.heldLots = new Map();
        await super.setup(...arguments);
    },

    /** Find out which lots of a product may not be sold; none without a connection. */
    async loadHeldLots(product) {
        try {
            const lots = await this.data.call("pos.order.line", "get_held_lots", [
                this.config.id,
                product.id,
            ]);
            this.heldLots = new Map(lots.map((lot) => [lot.name, lot.message]));
        } catch (error) {
            this.heldLots = new Map();
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        return this.heldLots;
    },

    async editLots(product) {
        await this.loadHeldLots(product);
        return super.editLots(...arguments);
    },

    /** Refuse a lot on hold that was scanned together with its product. */
    async addLineToOrder(vals, order, opts = {}) {
        if (vals.product_id?.id && opts.code?.type === "lot") {
            const held = await this.loadHeldLots(vals.product_id);
            const message = held.get(opts.code.code);
            if (message) {
                this.dialog.add(AlertDialog, { title: _t("On Hold"), body: message });
                return;
            }
        }
        return super.addLineToOrder(...arguments);
    },
});
