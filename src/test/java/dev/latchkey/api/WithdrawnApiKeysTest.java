package dev.latchkey.api;

import static dev.latchkey.api.ApiKeys.part;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.apikey.ApiKeyService;
import dev.latchkey.apikey.KeyMakers.Maker;
import dev.latchkey.keyrole.KeyRoles;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A signing key takes with it all that it signed, however many they are. */
@QuarkusTest
class WithdrawnApiKeysTest {

    private static final String SIGNING_KEYS = "/api/v1/signing-keys";
    // More than end in one transaction.
    private static final int MANY = 520;

    @Inject
    ApiKeyService keys;

    @Inject
    KeyRoles roles;

    @Test
    void manyKeysEndWithTheirSigningKeyAndTheAnswerCountsThem() {
        rotate();
        var doomed = newKeys(Api.newUser("admin"));
        rotate();
        var unharmed = ApiKeys.newBasicKey();
        assertEquals(List.of(), answeredOtherThan(200, doomed));
        String kid = new JsonPath(part(doomed.getFirst(), 0)).get("kid");

        Api.admin()
                .calls()
                .post(SIGNING_KEYS + "/{kid}/withdraw", kid)
                .then()
                .statusCode(200)
                .body("signed.api_keys", equalTo(MANY));

        assertEquals(List.of(), answeredOtherThan(401, doomed));
        validate(unharmed).then().statusCode(200);
        assertEquals(
                Integer.toString(MANY),
                Tables.value("select sum((details ->> 'count')::int) from audit_log where action = 'api_key.died'"
                        + " and subject_id = '" + kid + "'"));
    }

    private List<String> newKeys(Api.Someone admin) {
        var role = roles.get("admin");
        var maker = new Maker(
                UUID.fromString(admin.tenantId()), UUID.fromString(admin.id()), null, "admin", roles.names(), true);
        return QuarkusTransaction.requiringNew().call(() -> IntStream.range(0, MANY)
                .mapToObj(number ->
                        keys.create(maker, role, "doomed " + number, Map.of()).apiKey())
                .toList());
    }

    private static List<String> answeredOtherThan(int status, List<String> texts) {
        return texts.stream()
                .map(ApiKeys::validate)
                .filter(answer -> answer.statusCode() != status)
                .map(answer -> answer.statusCode() + " " + answer.asString())
                .toList();
    }

    private static void rotate() {
        Api.admin().calls().post(SIGNING_KEYS + "/rotate").then().statusCode(200);
    }
}
