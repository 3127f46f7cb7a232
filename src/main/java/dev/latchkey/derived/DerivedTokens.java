package dev.latchkey.derived;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.DerivedTexts;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.signing.JwtReader;
import dev.latchkey.signing.JwtVerification;
import dev.latchkey.signing.Jwts;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonString;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Makes and reads derived tokens. */
@ApplicationScoped
class DerivedTokens implements DerivedTexts {

    private static final String TYPE = "dk+jwt";
    /** The digest of the key's text, in base64url. */
    private static final String PARENT = "parent";

    private static final String SCOPES = "scopes";
    private static final int DIGEST_BYTES = 32;

    private record Claims(byte[] parent, Scopes scopes) {}

    private final Jwts jwts;
    private final JwtReader<Claims> reader;
    private final Clock clock;

    DerivedTokens(Jwts jwts, Clock clock) {
        this.jwts = jwts;
        this.reader = jwts.reader(TYPE, DerivedTokens::claims);
        this.clock = clock;
    }

    /**
     * @param text of the key, which is valid
     * @throws Problem {@code insufficient_scope} for a scope that the key lacks
     */
    @Transactional
    DerivedToken derive(Credential key, String text, List<String> scopes, Duration life) {
        var missing = key.scopes().missing(scopes);
        if (!missing.isEmpty()) {
            throw new Problem(
                            CommonProblem.INSUFFICIENT_SCOPE,
                            "Nobody grants a scope they lack: " + String.join(" ", missing))
                    .with("required_scopes", missing);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var expiresAt = earlier(now.plus(life), key.expiresAt());
        var granted = Scopes.of(scopes).words();
        var parent = Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(text));
        var claims = Map.<String, Object>of(
                "sub",
                key.keyId(),
                SCOPES,
                granted,
                PARENT,
                parent,
                "jti",
                Uuid7.next().toString());
        var signed = jwts.sign(TYPE, claims, now, expiresAt);
        return new DerivedToken(
                signed.text(), "bearer", key.keyId(), granted, expiresAt, ChronoUnit.SECONDS.between(now, expiresAt));
    }

    @Override
    public Caller.Kind kind() {
        return Caller.Kind.DERIVED_TOKEN;
    }

    @Override
    public Caller.Kind parents() {
        return Caller.Kind.API_KEY;
    }

    @Override
    public boolean recognises(String text) {
        return reader.recognises(text);
    }

    @Override
    public boolean remembers(String text) {
        return reader.remembers(text);
    }

    @Override
    public Uni<Reading> read(String text) {
        return reader.verify(text).map(verification -> switch (verification) {
            case JwtVerification.Valid<Claims> valid ->
                new Reading.Genuine(valid.claims().parent(), valid.claims().scopes(), valid.expiresAt());
            case JwtVerification.Expired<Claims> expired -> new Reading.Expired();
            case JwtVerification.Invalid<Claims> invalid -> new Reading.Forged();
        });
    }

    private static Instant earlier(Instant one, Optional<Instant> other) {
        return other.filter(one::isAfter).orElse(one);
    }

    // Signed here and of this type, and yet not made by this class: no token of ours.
    private static Optional<Claims> claims(JsonWebToken token) {
        try {
            var parent = Base64.getUrlDecoder().decode(String.valueOf(token.<Object>getClaim(PARENT)));
            return parent.length == DIGEST_BYTES && token.<Object>getClaim(SCOPES) instanceof Collection<?> scopes
                    ? Optional.of(new Claims(parent, Scopes.of(words(scopes))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Values of a JSON array come as {@code JsonString}. */
    private static List<String> words(Collection<?> scopes) {
        return scopes.stream()
                .map(scope -> scope instanceof JsonString text ? text.getString() : String.valueOf(scope))
                .toList();
    }
}
