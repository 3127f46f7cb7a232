package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Digests;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class V1ImportTest {

    private static final String CSV = "text/csv";
    private static final String JSON_LINES = "application/x-ndjson";

    // While there are imported keys, a text of any shape may be one: for other tests garbage shall be garbage again.
    @AfterEach
    void forgetImportedKeys() {
        Tables.change("delete from v1_keys where imported_at is not null");
        // Even this makes the instance look whether there are any.
        Api.admin()
                .calls()
                .contentType(CSV)
                .body(("key_id,name,role,hash\nx,x,basic," + sha256("x") + "\n").getBytes(UTF_8))
                .queryParam("dry_run", true)
                .post(V2 + "/migration/import")
                .then()
                .statusCode(200);
    }

    private static Response send(String type, String table) {
        return Api.admin().calls().contentType(type).body(table.getBytes(UTF_8)).post(V2 + "/migration/import");
    }

    private static Response validate(String text) {
        return as(text).get("/api/auth/validate");
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(Digests.sha256(text));
    }

    private static String pbkdf2(String text, String salt, int rounds) throws GeneralSecurityException {
        var hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(text.toCharArray(), salt.getBytes(UTF_8), rounds, 256))
                .getEncoded();
        return "pbkdf2_sha256$" + rounds + "$" + salt + "$"
                + Base64.getEncoder().encodeToString(hash);
    }

    @Test
    void keysOfEverySchemeWorkForTheirHoldersAndGetADigestOfOurs() throws GeneralSecurityException {
        var id = Api.uniqueName();
        var plain = "sk-plain-" + id + "-0123456789";
        var slow = "sk-slow-" + id + "-0123456789";
        var bcrypt = "sk-bcrypt-" + id + "-0123456789";
        send(
                        CSV,
                        "key_id,name,role,hash,prefix,owner,created_at\n"
                                + id + "-1,first,basic," + sha256(plain) + ",,ada,2024-01-02T03:04:05Z\n"
                                + id + "-2,second,node-operator," + pbkdf2(slow, "salt", 1000) + ","
                                + slow.substring(0, 20) + ",ada,\n"
                                + id + "-3,\"third, with a comma\",contributor,"
                                + BcryptUtil.bcryptHash(bcrypt, 4).replace("$2a$", "$2b$")
                                + "," + bcrypt.substring(0, 20) + ",bob,\n")
                .then()
                .statusCode(200)
                .body("imported", equalTo(3))
                .body("skipped", equalTo(0));
        for (var text : List.of(plain, slow, bcrypt)) {
            for (var i = 0; i < 2; i++) {
                validate(text).then().statusCode(200).body("valid", equalTo(true));
            }
            validate(text + "x").then().statusCode(401);
        }
        validate(slow).then().body("role", equalTo("node_operator")).body("key_id", equalTo(id + "-2"));
        assertEquals(
                "0",
                Tables.value(
                        "select count(*) from v1_keys where foreign_hash is not null and key_id like '" + id + "%'"));
        as(slow).post(V2 + "/migrate").then().statusCode(201).body("role", equalTo("node_operator"));
        var report = Api.admin().calls().get(V2 + "/migration");
        assertEquals(1, report.<Integer>path("owners.find { it.owner == 'bob' }.remaining"));
    }

    @Test
    void jsonLinesAreTakenTooAndATableMayBeSentAgain() {
        var id = Api.uniqueName();
        var text = "sk-json-" + id + "-0123456789";
        var line = "{\"key_id\":\"" + id + "\",\"name\":\"x\",\"role\":\"basic\",\"hash\":\"" + sha256(text) + "\"}\n";
        Api.admin()
                .calls()
                .contentType(JSON_LINES)
                .body(line.getBytes(UTF_8))
                .queryParam("dry_run", true)
                .post(V2 + "/migration/import")
                .then()
                .body("imported", equalTo(1));
        validate(text).then().statusCode(401);
        send(JSON_LINES, line).then().statusCode(200).body("imported", equalTo(1));
        send(JSON_LINES, line + "\n")
                .then()
                .statusCode(200)
                .body("imported", equalTo(0))
                .body("skipped", equalTo(1));
        // Refused a moment ago: that is remembered for some seconds.
        Eventually.within(10, () -> validate(text).then().statusCode(200));
    }

    @Test
    void aTableOfASpreadsheetIsReadAndAShortNameIsNoObstacle() {
        var id = Api.uniqueName();
        var text = "sk-sheet-" + id + "-0123456789";
        send(CSV, "\uFEFFkey_id,name,role,hash\r\n" + id + ",\uD83D\uDE00\uD83D\uDE00,basic," + sha256(text) + "\r\n")
                .then()
                .statusCode(200)
                .body("imported", equalTo(1));
        as(text).post(V2 + "/migrate").then().statusCode(201);
        // What was never used is found by who leaks it, too.
        var slow = "sk-leak-" + id + "-0123456789";
        var user = Api.admin();
        send(
                        CSV,
                        "key_id,name,role,hash,prefix\n" + id + "-2,x,basic," + BcryptUtil.bcryptHash(slow, 4) + ","
                                + slow.substring(0, 20) + "\n")
                .then()
                .statusCode(200);
        user.calls()
                .contentType(OAuthCalls.FORM)
                .body("token=" + slow)
                .post("/oauth2/revoke")
                .then()
                .statusCode(200);
        validate(slow).then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void anExpiredOrRevokedKeyStaysSo() {
        var id = Api.uniqueName();
        send(
                        CSV,
                        "key_id,name,role,hash,expires_at,revoked\n"
                                + id + "-1,x,basic," + sha256("sk-expired-" + id) + ",2024-01-01T00:00:00Z,false\n"
                                + id + "-2,x,basic," + sha256("sk-revoked-" + id) + ",,true\n")
                .then()
                .statusCode(200);
        validate("sk-expired-" + id).then().statusCode(401).body("code", equalTo("expired_token"));
        validate("sk-revoked-" + id).then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void badTablesAreRefusedWholeAndByLineAndColumn() {
        var id = Api.uniqueName();
        var good = id + ",x,basic," + sha256(id) + ",,,\n";
        var header = "key_id,name,role,hash,prefix,created_at,revoked\n";
        for (var bad : List.of(
                List.of(id + "-2,x,basic,nonsense,,,\n", "hash"),
                List.of(id + "-2,x,basic,$2b$04$" + "a".repeat(53) + ",,,\n", "prefix"),
                List.of(id + "-2,x,basic,$2b$04$" + "a".repeat(53) + ",short,,\n", "prefix"),
                List.of(id + "-2,x,basic,$2b$31$" + "a".repeat(53) + ",long-enough,,\n", "hash"),
                List.of(id + "-2,x,root," + sha256("x") + ",,,\n", "role"),
                List.of(id + "-2,,basic," + sha256("x") + ",,,\n", "name"),
                List.of(id + "-2,x,basic," + sha256("x") + ",,yesterday,\n", "created_at"),
                List.of(id + "-2,x,basic," + sha256("x") + ",,,maybe\n", "revoked"),
                List.of(id + ",x,basic," + sha256("x") + ",,,\n", "key_id"))) {
            send(CSV, header + good + bad.getFirst())
                    .then()
                    .statusCode(422)
                    .body("errors.field", hasItem("line 2." + bad.getLast()));
        }
        for (var table : List.of("", "key_id\n", "key_id,unknown\na,b\n", "\"", header + "a,b\n")) {
            send(CSV, table).then().statusCode(422);
        }
        for (var table : List.of("null", "{", "[]", "{\"key_id\":\"a\",\"more\":1}", "{} {}", "5")) {
            var status = send(JSON_LINES, table).statusCode();
            assertTrue(Set.of(400, 422).contains(status), table + ": " + status);
        }
        send("application/json", "{}").then().statusCode(415);
        assertEquals("0", Tables.value("select count(*) from v1_keys where key_id = '" + id + "'"));
    }
}
