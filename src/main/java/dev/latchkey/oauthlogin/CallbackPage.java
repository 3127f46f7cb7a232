package dev.latchkey.oauthlogin;

import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.problem.Problem;

/** What a browser shows after a login. */
final class CallbackPage {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            </head>
            <body>
            <h1>%1$s</h1>
            <p>%2$s</p>
            </body>
            </html>
            """;

    private CallbackPage() {}

    static String connected(OauthClient client) {
        return PAGE.formatted(
                "The account is connected",
                "%s (%s) is connected for the branch %s. You may close this window."
                        .formatted(
                                escaped(client.workspaceName),
                                escaped(client.workspaceEmail),
                                escaped(client.branchId)));
    }

    static String failed(Problem problem) {
        var reason = problem.members().get("reason");
        return PAGE.formatted(
                "The account is not connected",
                escaped(problem.detail()) + (reason == null ? "" : " (" + escaped(reason.toString()) + ")")
                        + ". Begin the login again to try once more.");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
