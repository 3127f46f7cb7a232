package dev.latchkey.session;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.signing.JwtVerification;
import dev.latchkey.signing.Jwts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The access tokens of sessions: JWTs of the type {@code at+jwt} (RFC 9068), naming their session in {@code sid}. */
@ApplicationScoped
class AccessTokens {

    /** What a verified token says. */
    record Claims(UUID sessionId, Instant expiresAt) {}

    private static final String TYPE = "at+jwt";

    private final Jwts jwts;
    private final SessionConfig config;

    AccessTokens(Jwts jwts, SessionConfig config) {
        this.jwts = jwts;
        this.config = config;
    }

    String issue(Session session, Instant now) {
        var claims = Map.<String, Object>of(
                "sub", session.userId.toString(),
                "sid", session.id.toString(),
                "tenant_id", session.tenantId.toString(),
                "jti", Uuid7.next().toString());
        return jwts.sign(TYPE, claims, now, now.plus(config.accessLife()));
    }

    /** @throws Problem {@code invalid_token} or {@code expired_token} */
    Claims verify(String text) {
        return switch (jwts.verify(text, TYPE)) {
            case JwtVerification.Valid(JsonWebToken token) ->
                new Claims(sessionId(token), Instant.ofEpochSecond(token.getExpirationTime()));
            case JwtVerification.Expired() -> throw expired();
            case JwtVerification.Invalid() -> throw invalid();
        };
    }

    // Signed here and of this type, and yet not made by this class: no session's.
    private static UUID sessionId(JsonWebToken token) {
        try {
            return UUID.fromString(String.valueOf(token.<Object>getClaim("sid")));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static Problem invalid() {
        return new Problem(CommonProblem.INVALID_TOKEN, "The access token is not valid");
    }

    static Problem expired() {
        return new Problem(CommonProblem.EXPIRED_TOKEN, "The access token has expired; refresh it");
    }
}
