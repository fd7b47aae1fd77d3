import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/**
 * Download the file of printed labels, then close the dialog.
 *
 * Not an address to open: a browser blocks the window of one that comes a while after
 * the click, as it does where many labels are printed.
 */
export async function downloadLabels(env, action) {
    env.services.ui.block();
    try {
        await download({ url: action.params.url, data: {} });
    } finally {
        env.services.ui.unblock();
    }
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("serial_label_download", downloadLabels);
