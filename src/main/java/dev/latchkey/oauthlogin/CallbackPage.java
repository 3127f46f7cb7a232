package dev.latchkey.oauthlogin;

import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.html.Html;
import dev.latchkey.platform.problem.Problem;
import java.util.Base64;

/** What a browser shows after a login: words alone, and a style that the page's own policy lets in by its digest. */
final class CallbackPage {

    private static final String STYLE = ":root{color-scheme:light dark}"
            + "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.0625rem/1.55 system-ui,sans-serif;"
            + "background:#eef1f5;color:#1b2530}"
            + "main{box-sizing:border-box;width:calc(100% - 2rem);max-width:28rem;margin:1rem;padding:1.75rem 2rem 2rem;"
            + "background:#fff;border-top:.3rem solid #1a7f4b;border-radius:.6rem;overflow-wrap:anywhere}"
            + "main.failed{border-color:#b3261e}"
            + "h1{margin:0 0 .6rem;font-size:1.4rem;line-height:1.25}p{margin:0}"
            + "@media(prefers-color-scheme:dark){body{background:#11151a;color:#e6ebf0}main{background:#1c232b}}";

    /** Nothing but that style is let in. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(Digests.sha256(STYLE))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>%4$s</style>
            </head>
            <body>
            <main class="%3$s">
            <h1>%1$s</h1>
            <p>%2$s</p>
            </main>
            </body>
            </html>
            """;

    private CallbackPage() {}

    static String connected(OauthClient client) {
        return PAGE.formatted(
                "The account is connected",
                "%s (%s) is connected for the branch %s. You may close this window."
                        .formatted(
                                Html.escape(client.workspaceName),
                                Html.escape(client.workspaceEmail),
                                Html.escape(client.branchId)),
                "connected",
                STYLE);
    }

    static String failed(Problem problem) {
        var reason = problem.members().get("reason");
        return PAGE.formatted(
                "The account is not connected",
                Html.escape(problem.detail()) + (reason == null ? "" : " (" + Html.escape(reason.toString()) + ")")
                        + ". Begin the login again to try once more.",
                "failed",
                STYLE);
    }
}
