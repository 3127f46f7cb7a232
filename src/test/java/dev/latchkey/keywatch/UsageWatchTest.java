package dev.latchkey.keywatch;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.ApiKeys.newKey;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class UsageWatchTest {

    @Inject
    UsageWatch watch;

    @Test
    void manyRefusalsAndASpikeOverTheKeysOwnHistoryAreRaised() {
        var key = newKey(anonymous(), "basic");
        var quiet = newKey(anonymous(), "basic");
        var fresh = newKey(anonymous(), "basic");
        for (var one : List.of(key, quiet, fresh)) {
            use(one, 200, one == quiet ? 99 : 150);
            use(one, 403, one == key ? 20 : 19);
        }
        for (var one : List.of(key, quiet)) {
            Tables.change(
                    "insert into usage_aggregates (day, tenant_id, credential_id, method, endpoint, requests, errors, rate_limited, bytes, latency_micros, latency_histogram)"
                            + " select (now() at time zone 'UTC')::date - 1, tenant_id, id, 'GET', '/x', 288, 0, 0, 0, 0, array_fill(0, array[37]) from api_keys where key_id = ?",
                    one.<String>path("key_id"));
        }
        watch.look();
        assertEquals(
                List.of("many_refusals", "spike"),
                reasons(key).stream().sorted().toList());
        assertEquals(List.of(), reasons(fresh), "a key without a history has nothing to be compared with");
    }

    private static void use(Response key, int status, int times) {
        Tables.change(
                "insert into token_usage_events (at, id, tenant_id, credential_id, kind, method, endpoint, status, latency_micros, bytes, request_id, calls)"
                        + " select now(), gen_random_uuid(), tenant_id, id, 'api_key', 'GET', '/x', ?::int, 1, 0, 'x', ?::int from api_keys where key_id = ?",
                Integer.toString(status),
                Integer.toString(times),
                key.<String>path("key_id"));
    }

    private static List<String> reasons(Response key) {
        return Tables.values(
                "select reason from keywatch_suspicions join api_keys on id = credential_id where key_id = '"
                        + key.path("key_id") + "'");
    }
}
