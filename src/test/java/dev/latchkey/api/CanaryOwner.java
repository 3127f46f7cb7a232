package dev.latchkey.api;

import java.util.Map;

/** Someone who has a secret of each kind, all of which are remembered. */
record CanaryOwner(
        CanaryCalls calls,
        String username,
        String password,
        String id,
        String session,
        String refreshToken,
        String token,
        String tokenId,
        String revokedToken) {

    private static final String NEW_TOKEN = "{\"name\":\"canary\",\"scopes\":[\"admin:tenant\"]}";

    static CanaryOwner make(CanaryCalls calls) throws Exception {
        var name = Api.uniqueName();
        var password = CanaryIT.newPassword();
        calls.remember(Canary.ofPassword(password));
        var body = "{\"username\":\"%s\",\"email\":\"%s@example.test\",\"password\":\"%s\"}";
        var user = calls.send("POST", "/api/auth/register", body.formatted(name, name, password), Map.of());
        var login = calls.send("POST", "/api/auth/login", login(name, password), Map.of());
        var session = login.path("access_token").asText();
        var token = calls.send("POST", "/api/v1/tokens", session, NEW_TOKEN);
        var revoked = calls.send("POST", "/api/v1/tokens", session, NEW_TOKEN)
                .path("token")
                .asText();
        calls.send("POST", "/api/v1/tokens/me/revoke", revoked, "");
        return new CanaryOwner(
                calls,
                name,
                password,
                user.path("id").asText(),
                session,
                login.path("refresh_token").asText(),
                token.path("token").asText(),
                token.path("id").asText(),
                revoked);
    }

    /** With the token and with the session; what the path names is their own. */
    void callAsBoth(String method, String path, String body) throws Exception {
        var own = path.contains("users") ? id : tokenId;
        for (var credential : new String[] {token, session}) {
            calls.send(method, path.replaceAll("\\{\\w+}", own), credential, body);
        }
    }

    /** Each secret where it belongs, as long as it is good and when it no longer is. */
    void goTheUsualWays() throws Exception {
        var wrong = CanaryIT.newPassword();
        var next = CanaryIT.newPassword();
        calls.remember(Canary.ofPassword(wrong));
        calls.remember(Canary.ofPassword(next));
        calls.send("POST", "/api/auth/login", login(username, wrong), Map.of());
        calls.send("POST", "/api/auth/login", login(wrong, password), Map.of());
        var created = Map.of("Authorization", "Bearer " + session, "Idempotency-Key", Api.uniqueName());
        calls.send("POST", "/api/v1/tokens", NEW_TOKEN, created);
        calls.send("POST", "/api/v1/tokens", NEW_TOKEN, created);
        calls.send("POST", "/api/v1/tokens", NEW_TOKEN, Map.of("X-API-Key", token, "Idempotency-Key", token));
        calls.send("POST", "/api/v1/tokens/" + tokenId + "/rotate", session, "{\"grace_seconds\":60}");
        var refresh = "{\"refresh_token\":\"" + refreshToken + "\"}";
        for (var path : new String[] {"refresh", "refresh", "logout"}) {
            calls.send("POST", "/api/auth/" + path, refresh, Map.of());
        }
        var again = calls.send("POST", "/api/auth/login", login(username, password), Map.of())
                .path("access_token")
                .asText();
        var change = "{\"current_password\":\"%s\",\"new_password\":\"%s\"}";
        calls.send("POST", "/api/auth/password", again, change.formatted(wrong, next));
        calls.send("POST", "/api/auth/password", again, change.formatted(password, next));
        calls.send("GET", "/api/auth/me", session, "");
        calls.send("GET", "/api/v1/tokens/me", revokedToken, "");
    }

    private static String login(String username, String password) {
        return "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
    }
}
