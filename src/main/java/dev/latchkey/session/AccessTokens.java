package dev.latchkey.session;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.signing.JwtReader;
import dev.latchkey.signing.JwtVerification;
import dev.latchkey.signing.Jwts;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The access tokens of sessions: JWTs of the type {@code at+jwt} (RFC 9068), naming their session in {@code sid}. */
@ApplicationScoped
class AccessTokens {

    /** A token that a session was given, until it expires. */
    record Issued(Jwts.Signed signed, Instant expiresAt) {}

    private static final String TYPE = "at+jwt";

    private final Jwts jwts;
    private final JwtReader<UUID> reader;
    private final SessionConfig config;

    AccessTokens(Jwts jwts, SessionConfig config) {
        this.jwts = jwts;
        this.reader = jwts.reader(TYPE, AccessTokens::sessionId);
        this.config = config;
    }

    Issued issue(Session session, Instant now) {
        var claims = Map.<String, Object>of(
                "sub", session.userId.toString(),
                "sid", session.id.toString(),
                "tenant_id", session.tenantId.toString(),
                "jti", Uuid7.next().toString());
        var expiresAt = now.plus(config.accessLife());
        return new Issued(jwts.sign(TYPE, claims, now, expiresAt), expiresAt);
    }

    boolean remembers(String text) {
        return reader.remembers(text);
    }

    /** The id of the session; fails with {@code invalid_token} or {@code expired_token}. */
    Uni<UUID> verify(String text) {
        return reader.verify(text).map(verification -> switch (verification) {
            case JwtVerification.Valid<UUID> valid -> valid.claims();
            case JwtVerification.Expired<UUID> expired ->
                throw new Problem(CommonProblem.EXPIRED_TOKEN, "The access token has expired; refresh it");
            case JwtVerification.Invalid<UUID> invalid ->
                throw new Problem(CommonProblem.INVALID_TOKEN, "The access token is not valid");
        });
    }

    // Signed here and of this type, and yet not made by this class: no session's.
    private static Optional<UUID> sessionId(JsonWebToken token) {
        try {
            return Optional.of(UUID.fromString(String.valueOf(token.<Object>getClaim("sid"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
