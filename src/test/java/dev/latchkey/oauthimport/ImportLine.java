package dev.latchkey.oauthimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.api.Api;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of an import that is good, until a column is changed. */
record ImportLine(String name, Map<String, @Nullable Object> columns, Map<String, @Nullable Object> token) {

    /** Stands in every secret and token: no answer but that of a token may show it. */
    static final String CANARY = "import-canary";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Without a token. */
    static ImportLine of(String name) {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("client_id", name + ".apps.example.test");
        columns.put("client_secret", CANARY + "-secret-" + name);
        columns.put("redirect_uri", "https://keys.example.test/token-management/auth/callback");
        columns.put("branch_id", name);
        columns.put("workspace_email", "ops@example.test");
        columns.put("workspace_name", "Example");
        columns.put("is_active", true);
        columns.put("created_at", "2024-01-02T03:04:05.123456");
        columns.put("updated_at", "2024-02-03T04:05:06+02:00");
        return new ImportLine(name, columns, new LinkedHashMap<>());
    }

    /** Of a branch that no other test has. */
    static ImportLine fresh() {
        return of("b-" + Api.uniqueName());
    }

    ImportLine with(String column, @Nullable Object value) {
        columns.put(column, value);
        return this;
    }

    ImportLine without(String column) {
        columns.remove(column);
        return this;
    }

    /** With a token that can be refreshed. */
    ImportLine withToken(@Nullable String expiresAt) {
        return withToken("access_token", access())
                .withToken("refresh_token", CANARY + "-refresh-" + name)
                .withToken("token_type", "Bearer")
                .withToken("scope", "openid email")
                .withToken("expires_at", expiresAt);
    }

    ImportLine withToken(String column, @Nullable Object value) {
        token.put(column, value);
        columns.put("token", token);
        return this;
    }

    String access() {
        return CANARY + "-access-" + name;
    }

    @Override
    public String toString() {
        try {
            return JSON.writeValueAsString(columns) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
