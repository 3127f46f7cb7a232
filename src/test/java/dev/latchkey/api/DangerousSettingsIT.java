package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged service does not start with settings that would be regretted, and names all of them at once. */
class DangerousSettingsIT {

    private static final Map<String, String> DANGEROUS = Map.of(
            "quarkus.datasource.username", "dangerous",
            "quarkus.datasource.password", "postgres",
            "quarkus.redis.hosts", "redis://:redis@127.0.0.1:1",
            "quarkus.http.cors.origins", "https://portal.example.com,*",
            "latchkey.jwt.issuer", "http://keys.example.com",
            "latchkey.admin.password", "latchkey-dev-only",
            "latchkey.keyset", "{\"a\":\"corrupt-keyset-text\"}");

    @Test
    void allFaultsAreNamedAtOnceAndNoSecretIsQuoted() {
        var database = OwnDatabase.create("dangerous_settings");
        OwnDatabase.execute("create role dangerous login superuser password 'postgres'");
        try (var instance = Instance.start(database.settings(DANGEROUS))) {
            var said = instance.awaitRefusal();
            for (var fault : List.of(
                    "QUARKUS_DATASOURCE_PASSWORD has fewer than 12 characters",
                    "The password in QUARKUS_REDIS_HOSTS has fewer than 12 characters",
                    "QUARKUS_HTTP_CORS_ORIGINS lets in every page that matches \"*\"",
                    "JWT_ISSUER is not an https URL: \"http://keys.example.com\"",
                    "LATCHKEY_ADMIN_PASSWORD is the password of dev mode",
                    "LATCHKEY_KEYSET is not a Tink AEAD keyset in JSON with a primary key")) {
                assertTrue(said.contains("\n  - " + fault), fault + " is not in: " + said);
            }
            assertEquals(6, said.split("\n  - ", -1).length - 1, said);
            assertFalse(said.contains("corrupt-keyset-text") || said.contains("\tat "), said);
        }
    }

    @Test
    void oneFaultIsEnough() {
        var settings = new HashMap<String, String>();
        settings.put("latchkey.keyset", "{\"primaryKeyId\":1,\"key\":[]}");
        try (var instance = Instance.start(settings)) {
            var said = instance.awaitRefusal();
            assertEquals(1, said.split("\n  - ", -1).length - 1, said);
            assertTrue(said.contains("LATCHKEY_KEYSET is not a Tink AEAD keyset"), said);
        }
    }

    @Test
    void whatIsMissingIsNamedBeforeAnythingIsConnectedToOrChanged() {
        var database = OwnDatabase.create("missing_settings");
        var missing = Map.of(
                "latchkey.keyset", "",
                "quarkus.datasource.password", "",
                "quarkus.redis.hosts", "redis://127.0.0.1:1",
                "quarkus.profile", "prod,test");
        try (var instance = Instance.start(database.settings(missing))) {
            var said = instance.awaitRefusal();
            for (var fault : List.of(
                    "LATCHKEY_KEYSET is missing",
                    "QUARKUS_DATASOURCE_PASSWORD is missing",
                    "The password in QUARKUS_REDIS_HOSTS is missing",
                    "QUARKUS_PROFILE is \"test\"")) {
                assertTrue(said.contains("\n  - " + fault), fault + " is not in: " + said);
            }
            assertEquals("0", database.value("select count(*) from pg_tables where schemaname = 'public'"));
        }
    }
}
