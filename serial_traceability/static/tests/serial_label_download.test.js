import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

test("the labels are downloaded and the dialog is closed", async () => {
    patchWithCleanup(download, {
        _download: (options) => {
            expect.step(options.url);
            return Promise.resolve();
        },
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction(
        {
            type: "ir.actions.client",
            tag: "serial_label_download",
            params: { url: "/web/content/7" },
        },
        { onClose: () => expect.step("closed") }
    );
    expect.verifySteps(["/web/content/7", "closed"]);
});
