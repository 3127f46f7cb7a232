import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A call that is measured. In a body, $TOKEN stands for the token, and $BATCH for questions about 100 of them.
 *
 * @param events how many usage events one call makes
 * @param success how the body of each good answer begins
 */
record Call(String name, Caller caller, int events, String method, String path, String body, String success) {

    /** Whose credential stands in Authorization. */
    enum Caller {
        /** Nobody's. */
        NOBODY,
        /** The token's that the call is about. */
        HOLDER,
        /** One that asks about all the others. */
        GATEWAY
    }

    static final int BATCH = 100;

    static final Call BARE = new Call("bare", Caller.NOBODY, 0, "GET", "/bare", "", "{");
    static final Call REDIS = new Call("redis", Caller.NOBODY, 0, "GET", "/redis", "", "{");
    static final Call VERIFY = new Call(
            "verify", Caller.GATEWAY, 1, "POST", "/api/v1/verify", "{\"token\":\"$TOKEN\"}", "{\"valid\":true,");
    static final Call FORWARD_AUTH = new Call("forward-auth", Caller.HOLDER, 1, "GET", "/api/v1/forward-auth", "", "");
    static final Call INTROSPECT = new Call(
            "introspect", Caller.GATEWAY, 0, "POST", "/oauth2/introspect", "token=$TOKEN", "{\"active\":true,");
    static final Call BATCH_OF_100 = new Call(
            "batch of 100",
            Caller.GATEWAY,
            BATCH,
            "POST",
            "/api/v1/verify/batch",
            "{\"items\":[$BATCH]}",
            "{\"items\":[{\"valid\":true,");
    static final Call WHOAMI = new Call("whoami", Caller.HOLDER, 1, "GET", "/api/v1/tokens/me", "", "{");

    static final Call VALIDATE =
            new Call("validate", Caller.HOLDER, 1, "GET", "/api/auth/v2/validate", "", "{\"valid\":true,");
    static final Call REGISTER =
            new Call("register", Caller.HOLDER, 0, "POST", "/api/auth/v2/register", "", "{\"api_key\":");

    static final Call CONNECTION =
            new Call("connection", Caller.HOLDER, 1, "GET", "/token-management/tokens/bench", "", "{\"success\":true,");

    static final Call GET_ME =
            new Call("getMe", Caller.HOLDER, 1, "POST", "/api/user-bot/call/getMe", "{}", "{\"ok\":true,");

    boolean ofService() {
        return caller != Caller.NOBODY;
    }

    /** How many tokens one call is about. */
    int step() {
        return body.contains("$BATCH") ? BATCH : 1;
    }

    /** The credential that goes with the call about this token; empty for none. */
    String credential(String gateway, String token) {
        return switch (caller) {
            case NOBODY -> "";
            case HOLDER -> token;
            case GATEWAY -> gateway;
        };
    }

    String body(List<String> tokens, int from) {
        if (step() == 1) {
            return body.replace("$TOKEN", tokens.get(from));
        }
        return body.replace(
                "$BATCH",
                IntStream.range(from, from + BATCH)
                        .mapToObj(i -> "{\"token\":\"" + tokens.get(i % tokens.size()) + "\"}")
                        .collect(Collectors.joining(",")));
    }
}
