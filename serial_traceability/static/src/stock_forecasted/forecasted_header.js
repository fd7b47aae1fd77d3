import { ForecastedHeader } from "@stock/stock_forecasted/forecasted_header";
import { patch } from "@web/core/utils/patch";

patch(ForecastedHeader.prototype, {
    /** How much is on hand and on hold: it is left out of the forecast. */
    get lockedQty() {
        const products = Object.values(this.props.docs.product);
        return products.reduce((sum, product) => sum + (product.locked_qty || 0), 0);
    },
});
