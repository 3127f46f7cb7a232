package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** All the ways in which a secret may reach one operation. */
record CanaryWays(CanaryCalls calls, Operation operation) {

    /** @param example a body that is valid; empty if it takes none */
    record Operation(String method, String path, String example) {}

    /** Headers of other purposes, into which people put secrets by mistake. */
    private static final List<String> WRONG_HEADERS = List.of(
            "X-Request-Id",
            "Idempotency-Key",
            "User-Agent",
            "Cookie",
            "Referer",
            "Origin",
            "Accept",
            "X-Forwarded-For",
            "traceparent",
            "Content-Type",
            "Accept-Language");

    // Not all in one: a URL of 4 KiB is refused before anybody reads it.
    private static final List<String> PARAMETERS =
            List.of("?token=&access_token=&cursor=", "?limit=&q=&status=", "?from=&granularity=&format=");

    /** Bodies that hold the secret S, most of them broken. */
    private static final List<String> BODIES = List.of(
            "{\"username\":\"S\",\"password\":\"S\",\"refresh_token\":\"S\",\"name\":\"S\"}",
            "{\"username\":\"S\"",
            "{\"password\":\"S",
            "{\"password\":S}",
            "{\"refresh_token\":\"S\" \"S\"}",
            "{\"username\":{\"a\":\"S\"},\"scopes\":\"S\",\"kind\":\"S\",\"role\":\"S\"}",
            "{\"scopes\":[\"S\"],\"expires_at\":\"S\",\"rate_limits\":\"S\",\"allowed_cidrs\":[\"S\"]}",
            "[\"S\"]",
            "\"S\"",
            "S");

    /** The same for operations that take a form; the last is the one that may end a token. */
    private static final List<String> FORMS = List.of(
            "S",
            "S=x&S=x",
            "token=S%",
            "token=S&token=S",
            "token=x&client_secret=S",
            "token=x&token_type_hint=S",
            "token=S");

    void goAll() throws Exception {
        var owner = CanaryOwner.make(calls);
        var path = operation
                .path()
                .replaceAll("\\{\\w+}", operation.path().contains("users") ? owner.id() : owner.tokenId());
        for (var secret : List.of(owner.token(), owner.session(), owner.refreshToken(), owner.password())) {
            asCredential(path, secret);
            inWrongHeaders(path, owner.token(), secret);
            if (!secret.equals(owner.password())) {
                // A password has no shape: in a path or as the name of a field, nobody can tell it from any other word.
                inThePath(path, owner.token(), secret);
                calls.send(operation.method(), path, owner.token(), "{\"" + secret + "\":1}");
            }
            inTheQuery(path, owner.token(), secret);
            inTheBody(path, owner.token(), secret);
        }
        asCredential(path, owner.revokedToken());
        asCredential(path, damaged(owner.token()));
        if (operation.path().startsWith("/oauth2/")) {
            inForms();
        }
        // Last, as it may end what the owner has.
        owner.callAsBoth(operation.method(), operation.path(), operation.example());
    }

    private void asCredential(String path, String secret) throws Exception {
        var basic = Base64.getEncoder().encodeToString((secret + ":" + secret).getBytes(UTF_8));
        for (var headers : List.of(
                Map.of("X-API-Key", secret),
                Map.of("Authorization", "Basic " + basic),
                Map.of("Authorization", "Bearer " + secret, "X-API-Key", secret),
                Map.of("Authorization", secret),
                Map.of("Authorization", "Bearer  " + secret + "x"))) {
            calls.send(operation.method(), path, "", headers);
        }
    }

    private void inWrongHeaders(String path, String credential, String secret) throws Exception {
        for (var header : WRONG_HEADERS) {
            calls.send(
                    operation.method(),
                    path,
                    operation.example().isEmpty() ? "" : "{}",
                    Map.of("Authorization", "Bearer " + credential, header, secret));
            calls.send(operation.method(), path, "", Map.of(header, secret));
        }
    }

    private void inThePath(String own, String credential, String secret) throws Exception {
        for (var path : List.of(operation.path().replaceAll("\\{\\w+}", secret), own + "/" + secret, "/" + secret)) {
            calls.send(operation.method(), path, credential, "{}");
            calls.send(operation.method(), path, "", Map.of());
            calls.send("OPTIONS", path, "", Map.of());
        }
    }

    private void inTheQuery(String path, String credential, String secret) throws Exception {
        for (var names : PARAMETERS) {
            var query = names.replace("=", "=" + URLEncoder.encode(secret, UTF_8));
            calls.send(operation.method(), path + query, credential, "{}");
            calls.send(operation.method(), path + query, "", Map.of());
        }
    }

    private void inTheBody(String path, String credential, String secret) throws Exception {
        for (var body : BODIES) {
            calls.send(operation.method(), path, credential, body.replace("S", secret));
        }
    }

    private void inForms() throws Exception {
        var owner = CanaryOwner.make(calls);
        var client = OAuthCalls.basic(owner.tokenId() + ":" + owner.token());
        for (var secret : List.of(owner.session(), owner.refreshToken(), owner.password(), owner.token())) {
            for (var form : FORMS) {
                var body = form.replace("S", URLEncoder.encode(secret, UTF_8));
                var headers = Map.of("Authorization", client, "Content-Type", OAuthCalls.FORM);
                calls.send(operation.method(), operation.path(), body, headers);
            }
        }
    }

    // Garbage to us, and for who typed it, almost the secret.
    private String damaged(String token) {
        return token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
    }
}
