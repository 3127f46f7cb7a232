package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static dev.latchkey.api.ApiKeys.register;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Digests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After the end of the first version: its keys are in the table, and of no use. */
@QuarkusTest
@TestProfile(V1OffTest.Off.class)
class V1OffTest {

    private static final List<String> WAYS_TO_WRITE_A_PATH = List.of(
            "/api/auth/register_api_key/",
            "/api/auth/register_api_key;",
            "/api/auth/register_api_key;a=b",
            "/api/auth/register_api_key;a=b;c/",
            "/api;a=b/auth;c=d/register_api_key",
            "/api/auth/%72egister_api_key",
            "/api/auth/register_api_key%3Ba=b",
            "/api/auth//register_api_key;a=b",
            "/api/auth/;a=b/register_api_key",
            "/;a=b/api/auth/register_api_key",
            "/api/auth/v2;/../register_api_key;a=b");

    /** Before the day that was announced. */
    public static final class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("LATCHKEY_V1", "off", "LATCHKEY_V1_SUNSET", "2199-11-01");
        }
    }

    @AfterEach
    void forgetKeysFromBefore() {
        Tables.change("delete from v1_keys where name = 'from before'");
    }

    @Test
    void theEndpointsAreGoneAndSayWhatFollows() {
        assertGone(registerV1(anonymous(), "basic"));
        assertGone(registerV1(Api.admin().calls(), "admin"));
        assertGone(registerV1(anonymous(), "nonsense"));
        assertGone(validateV1(newKeyFromBefore(false)));
        assertGone(validateV1("garbage"));
        assertGone(anonymous().get("/api/auth/validate"));
    }

    @Test
    void noKeyIsMadeHoweverThePathIsWritten() {
        var before = Tables.value("select count(*) from v1_keys");
        for (var path : WAYS_TO_WRITE_A_PATH) {
            var answer = anonymous()
                    .urlEncodingEnabled(false)
                    .body(Map.of("name", "too late", "key_type", "basic"))
                    .post(path);
            assertTrue(Set.of(404, 410).contains(answer.statusCode()), path + " " + answer.statusCode());
        }
        assertEquals(before, Tables.value("select count(*) from v1_keys"));
    }

    @Test
    void keysFromBeforeAreRefusedByEveryEndpoint() {
        for (var text : List.of(newKeyFromBefore(false), newKeyFromBefore(true))) {
            for (var path : List.of("/api/v1/forward-auth", V2 + "/validate", V2 + "/keys", "/api/auth/me")) {
                as(text).get(path).then().statusCode(401);
            }
            as(text).post(V2 + "/migrate").then().statusCode(401);
            register(as(text), "basic").then().statusCode(401);
        }
    }

    @Test
    void keysFromBeforeAreNotValidForWhoAsksAboutThem() {
        var admin = Api.admin();
        var gateway = Api.newToken(admin, "verify:tokens");
        for (var text : List.of(newKeyFromBefore(false), newKeyFromBefore(true))) {
            as(gateway)
                    .body(Map.of("token", text))
                    .post("/api/v1/verify")
                    .then()
                    .statusCode(200)
                    .body("code", equalTo("MALFORMED"));
            OAuthCalls.introspect(gateway, text).then().statusCode(200).body("active", equalTo(false));
        }
    }

    @Test
    void theNextVersionGoesOn() {
        validate(newBasicKey()).then().statusCode(200).header("Deprecation", nullValue());
    }

    @Test
    void theReportTellsThePhaseAndWhatIsLeft() {
        newKeyFromBefore(false);
        var report = Api.admin().calls().get(V2 + "/migration");
        report.then().statusCode(200).body("phase", equalTo("off"));
        assertEquals(
                Tables.value("select count(*) from v1_keys where revoked_at is null"),
                report.path("total").toString());
    }

    private static Response registerV1(RequestSpecification caller, String role) {
        return caller.body(Map.of("name", "old key", "key_type", role)).post("/api/auth/register_api_key");
    }

    private static Response validateV1(String text) {
        return as(text).get("/api/auth/validate");
    }

    private static void assertGone(Response answer) {
        Refusals.problem("a first version that is gone", answer, 410, "v1_is_off");
        answer.then()
                .header("Deprecation", "@1793491200")
                .header("Sunset", endsWith(" 00:00:00 GMT"))
                .header("Link", containsString("</api/auth/v2/migrate>; rel=\"successor-version\""));
    }

    /** The text of a key that was made, or imported, while the first version was there. */
    private static String newKeyFromBefore(boolean imported) {
        var id = Api.uniqueName();
        var text = imported ? "sk-from-before-" + id : "v1_" + "0".repeat(43 - id.length()) + id;
        Tables.change(
                "insert into v1_keys (id, key_id, tenant_id, name, role, digest, takes_administrator, created_at, imported_at)"
                        + " values (gen_random_uuid(), ?, ?::uuid, 'from before', 'basic', decode(?, 'hex'), false, now(),"
                        + " case when ?::boolean then now() end)",
                id,
                Api.admin().tenantId(),
                HexFormat.of().formatHex(Digests.sha256(text)),
                Boolean.toString(imported));
        return text;
    }
}
