package dev.latchkey.grant;

import static dev.latchkey.provider.FaultServer.json;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.provider.FaultServer;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenReply.Refused;
import dev.latchkey.provider.Tokens;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a grant comes to when its provider fails, stands still, or says no; and when two write at once. */
@QuarkusTest
class RefreshUnderFaultsTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LEASE = Duration.ofSeconds(30);

    @Inject
    OauthClients clients;

    @Inject
    Providers providers;

    @Inject
    Grants grants;

    @Inject
    GrantChanges changes;

    private FaultServer server;
    private Someone user;
    private OauthClient client;

    @BeforeEach
    void aClientOfAProviderThatWorks() throws IOException {
        server = new FaultServer();
        var issuer = server.uri("").toString();
        server.answers(json(200, """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
                "revocation_endpoint":"%1$s/revoke"}""".formatted(issuer)));
        user = Api.newUser();
        var number = NUMBER.incrementAndGet();
        var answer = user.calls()
                .body(Map.of(
                        "client_id", "client-" + number,
                        "client_secret", "secret",
                        "redirect_uri", "http://localhost/callback",
                        "branch_id", "branch-" + number,
                        "workspace_email", "a@example.test",
                        "workspace_name", "Example",
                        "provider", "oidc:" + issuer))
                .post("/token-management/clients");
        answer.then().statusCode(201);
        client = clients.get(
                UUID.fromString(user.tenantId()),
                ClientReference.of(answer.path("client_id").toString()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void connect(Duration life) {
        changes.connected(
                client,
                GrantKind.ACCOUNT,
                new Tokens(
                        new Secret("a0"), Optional.of(new Secret("r0")), "Bearer", Optional.empty(), Optional.of(life)),
                providers.get(client.provider),
                Instant.now());
    }

    private Response token(int minSeconds) {
        return user.calls().queryParam("min_seconds", minSeconds).get("/token-management/tokens/" + client.branchId);
    }

    private Grant grant() {
        return QuarkusTransaction.requiringNew()
                .call(() -> grants.find(client.id))
                .orElseThrow();
    }

    @Test
    void aTokenWithLifeLeftIsServedWhileItsProviderFails() {
        connect(Duration.ofSeconds(50));
        server.answers(json(503, "{}"));
        for (var i = 0; i < 20; i++) {
            token(60).then().statusCode(200);
            assertEquals("a0", token(0).path("access_token"));
        }
        // Refreshed by nobody yet: it was too fresh.
        assertEquals(GrantState.CONNECTED, grant().state());
        Tables.change("update oauth_grants set due_at = now() where client_id = ?::uuid", client.id.toString());
        Eventually.within(10, () -> assertEquals(GrantState.DEGRADED, grant().state()));
        for (var i = 0; i < 20; i++) {
            token(600).then().statusCode(200);
            assertEquals("degraded", token(0).path("state"));
        }
        connect(Duration.ofSeconds(2));
        Eventually.within(10, () -> token(0).then().statusCode(503));
        assertEquals("Status 503", token(0).path("reason"));
        server.answers(json(200, "{\"access_token\":\"a1\",\"expires_in\":600}"));
        Tables.change("update oauth_grants set due_at = now() where client_id = ?::uuid", client.id.toString());
        Eventually.within(30, () -> assertEquals("a1", token(0).path("access_token")));
        assertEquals("connected", token(0).path("state"));
    }

    @Test
    void whoWaitsForAProviderThatStandsStillIsGivenWhatWasThere() {
        connect(Duration.ofSeconds(8));
        Eventually.within(
                8,
                () -> assertTrue(
                        grant().left(Instant.now()).compareTo(Duration.ofSeconds(4)) < 0,
                        "it is not asked for anew before"));
        var released = new CountDownLatch(1);
        server.answers((exchange, body) -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        assertEquals("a0", token(60).then().statusCode(200).extract().path("access_token"));
        released.countDown();
    }

    @Test
    void aTokenWithoutARefreshTokenIsServedAndItsOwnerToldBeforeItsEnd() {
        changes.connected(
                client,
                GrantKind.ACCOUNT,
                new Tokens(
                        new Secret("a0"),
                        Optional.empty(),
                        "Bearer",
                        Optional.empty(),
                        Optional.of(Duration.ofMinutes(10))),
                providers.get(client.provider),
                Instant.now());
        Tables.change("update oauth_grants set due_at = now() where client_id = ?::uuid", client.id.toString());
        Eventually.within(10, () -> assertEquals(GrantState.REAUTHORIZATION_REQUIRED, grant().state()));
        assertEquals("no_refresh_token", grant().lastFailure().orElseThrow());
        assertEquals("a0", token(60).then().statusCode(200).extract().path("access_token"));
        assertEquals(
                0,
                server.asked().stream().filter(asked -> !asked.body().isEmpty()).count());
    }

    @Test
    void anInterruptedRefreshStaysMarkedWhileItsProviderIsDown() {
        connect(Duration.ofHours(1));
        server.answers(json(503, "{}"));
        assertTrue(
                grants.lease(grant(), UUID.randomUUID(), Duration.ofMillis(1)).isPresent());
        due();
        Eventually.within(10, () -> assertEquals(1, grant().failures()));
        server.answers(json(400, "{\"error\":\"invalid_grant\"}"));
        due();
        Eventually.within(10, () -> assertEquals(GrantState.REAUTHORIZATION_REQUIRED, grant().state()));
        assertEquals("refresh_interrupted", grant().lastFailure().orElseThrow());
    }

    @Test
    void anAnswerThatForgetsTheLifeOfItsTokenMakesNoneThatLivesForEver() {
        connect(Duration.ofMinutes(10));
        server.answers(json(200, "{\"access_token\":\"a1\"}"));
        due();
        Eventually.within(10, () -> assertEquals("a1", token(0).path("access_token")));
        assertEquals(Optional.of(Duration.ofMinutes(10)), grant().life());
        assertTrue(grant().expiresAt().isPresent());
    }

    @Test
    void aClientThatIsDeletedWhileItsProviderIsDownIsNotSaidToBeRevokedThere() {
        connect(Duration.ofHours(1));
        server.answers(json(503, "{}"));
        user.calls()
                .delete("/token-management/tokens/" + client.branchId)
                .then()
                .statusCode(200)
                .body("revoked_at_provider", equalTo(false));
        user.calls()
                .delete("/token-management/clients/" + client.number)
                .then()
                .statusCode(200)
                .body("revoked_at_provider", equalTo(false));
    }

    private void due() {
        Tables.change("update oauth_grants set due_at = now() where client_id = ?::uuid", client.id.toString());
    }

    @Test
    void whatCannotBeOpenedCanBeEndedAndDeleted() {
        connect(Duration.ofHours(1));
        Tables.change(
                "update oauth_grants set access_sealed = refresh_sealed, refresh_sealed = access_sealed where client_id = ?::uuid",
                client.id.toString());
        user.calls()
                .delete("/token-management/tokens/" + client.branchId)
                .then()
                .statusCode(200)
                .body("revoked_at_provider", equalTo(false));
        assertTrue(grant().accessToken().isEmpty(), "it is forgotten");
        token(0).then().statusCode(409).body("code", equalTo("not_connected"));
        user.calls().delete("/token-management/clients/" + client.number).then().statusCode(200);
    }

    @Test
    void aSecretThatCannotBeOpenedIsAFailureAmongOthers() {
        connect(Duration.ofHours(1));
        Tables.change(
                "update oauth_client_secrets set secret_sealed = decode('00', 'hex') where client_id = ?::uuid",
                client.id.toString());
        due();
        Eventually.within(10, () -> assertEquals(GrantState.DEGRADED, grant().state()));
        assertEquals("internal_error", grant().lastFailure().orElseThrow());
        assertFalse(grant().isLeased());
        assertEquals("a0", token(0).path("access_token"));
    }

    @Test
    void aTokenThatWasMadeWhileItsGrantWasRevokedIsRevokedAsWell() {
        var revoked = new AtomicBoolean();
        connect(Duration.ofHours(1));
        server.answers((exchange, body) -> {
            if (body.contains("refresh_token=r0") && body.contains("grant_type")) {
                revoked.set(true);
                user.calls()
                        .delete("/token-management/tokens/" + client.branchId)
                        .then()
                        .statusCode(200);
            }
            json(200, "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"expires_in\":600}")
                    .to(exchange, body);
        });
        user.calls().body(Map.of("client_id", client.number)).post("/token-management/tokens/refresh");
        assertTrue(revoked.get());
        Eventually.within(
                10,
                () -> assertTrue(
                        server.asked().stream().anyMatch(asked -> asked.body().startsWith("token=r1")), "r1 lives on"));
    }

    @Test
    void aGrantThatIsOverIsServedToItsEndAndThenHasToBeConnectedAgain() {
        connect(Duration.ofSeconds(10));
        server.answers(json(400, "{\"error\":\"invalid_grant\"}"));
        user.calls()
                .body(Map.of("client_id", client.number))
                .post("/token-management/tokens/refresh")
                .then()
                .statusCode(409);
        token(0).then().statusCode(200);
        Eventually.within(20, () -> token(0).then().statusCode(409));
        var over = token(0);
        assertEquals("reauthorization_required", over.path("code"));
        assertEquals("invalid_grant", over.path("reason"));
        assertEquals("/token-management/oauth/login/" + client.number, over.path("login"));
        assertEquals(
                1,
                server.asked().stream()
                        .filter(asked -> asked.body().contains("refresh_token"))
                        .count());
    }

    @Test
    void whoWritesLateWritesNothingOverANewerGrant() {
        connect(Duration.ofHours(1));
        var late = UUID.randomUUID();
        var leased = grants.lease(grant(), late, LEASE).orElseThrow();
        assertTrue(grants.lease(grant(), UUID.randomUUID(), LEASE).isEmpty(), "two have the lease");
        connect(Duration.ofHours(2));
        assertFalse(changes.refused(leased, late, new Refused("invalid_grant", true), Instant.now()));
        assertFalse(changes.refreshed(
                leased,
                late,
                new Tokens(new Secret("stale"), Optional.empty(), "Bearer", Optional.empty(), Optional.empty()),
                providers.get(client.provider),
                Instant.now()));
        assertEquals(GrantState.CONNECTED, grant().state());
        assertEquals("a0", grant().accessToken().orElseThrow().reveal());
        assertTrue(grants.lease(leased, UUID.randomUUID(), LEASE).isEmpty(), "an older version was leased");
    }

    @Test
    void whoeverDiedBetweenTheAnswerAndItsWritingLeavesAMark() {
        connect(Duration.ofSeconds(2));
        // It has taken the lease, asked, and was killed.
        assertTrue(
                grants.lease(grant(), UUID.randomUUID(), Duration.ofMillis(500)).isPresent());
        server.answers(json(400, "{\"error\":\"invalid_grant\"}"));
        Eventually.within(15, () -> assertEquals(GrantState.REAUTHORIZATION_REQUIRED, grant().state()));
        assertEquals("refresh_interrupted", grant().lastFailure().orElseThrow());
        assertEquals(
                List.of("refresh_interrupted"),
                Tables.values(
                        "select details->>'reason' from audit_log where action = 'oauth_grant.reauthorization_required' and subject_id = '"
                                + client.id + "'"));
    }

    @Test
    void sealedTokensOpenInTheirOwnPlaceOnly() {
        connect(Duration.ofHours(1));
        Tables.change(
                "update oauth_grants set access_sealed = refresh_sealed, refresh_sealed = access_sealed where client_id = ?::uuid",
                client.id.toString());
        Tables.change("update oauth_clients set workspace_name = 'x' where id = ?::uuid", client.id.toString());
        user.calls()
                .body(Map.of("workspace_name", "Changed"))
                .patch("/token-management/clients/" + client.number)
                .then()
                .statusCode(200);
        var answer = token(0);
        assertEquals(500, answer.statusCode());
        assertFalse(answer.asString().contains("a0") || answer.asString().contains("r0\""), answer.asString());
    }
}
