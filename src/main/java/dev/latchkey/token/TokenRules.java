package dev.latchkey.token;

import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold for the fields of a token beyond their shape. Each check throws {@code validation_failed}, naming the field. */
@ApplicationScoped
class TokenRules {

    private static final int MOST_METADATA_BYTES = 4096;
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);

    private final ScopeCatalogue catalogue;

    TokenRules(ScopeCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws Problem {@code insufficient_scope} too: nobody grants what they lack */
    Scopes scopes(Caller caller, List<String> wanted) {
        catalogue.check(wanted);
        var missing = caller.scopes().missing(wanted);
        if (!missing.isEmpty()) {
            throw new Problem(
                            CommonProblem.INSUFFICIENT_SCOPE,
                            "Nobody grants a scope they lack: " + String.join(" ", missing))
                    .with("required_scopes", missing);
        }
        return Scopes.of(wanted);
    }

    @Nullable
    Instant expiry(CreateToken request, Instant now) {
        if (request.expiresAt() != null && request.expiresInDays() != null) {
            throw Problem.invalidField("expires_in_days", "must not be given together with expires_at");
        }
        if (request.expiresInDays() != null) {
            return now.plus(Duration.ofDays(request.expiresInDays()));
        }
        var expiresAt = request.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw Problem.invalidField("expires_at", "must lie in the future");
        }
        if (expiresAt != null && expiresAt.isAfter(now.plus(LONGEST_LIFE))) {
            throw Problem.invalidField("expires_at", "must lie at most " + LONGEST_LIFE.toDays() + " days ahead");
        }
        return expiresAt;
    }

    String[] cidrs(List<String> texts) {
        var cidrs = new ArrayList<String>();
        for (var i = 0; i < texts.size(); i++) {
            try {
                cidrs.add(Cidr.parse(texts.get(i)).toString());
            } catch (IllegalArgumentException e) {
                throw Problem.invalidField("allowed_cidrs[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        return cidrs.stream().distinct().toArray(String[]::new);
    }

    Map<String, Object> metadata(Map<String, Object> metadata) {
        var text = new MetadataColumn().convertToDatabaseColumn(metadata);
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_METADATA_BYTES) {
            throw Problem.invalidField("metadata", "must have at most " + MOST_METADATA_BYTES + " bytes as JSON");
        }
        if (!isStorable(metadata)) {
            throw Problem.invalidField("metadata", "must not contain NUL, broken characters or numbers beyond 1.8e308");
        }
        return metadata;
    }

    // PostgreSQL keeps neither NUL nor a lone surrogate in jsonb, and JSON has no infinity, which is what 1e400 is read
    // as.
    private static boolean isStorable(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text ->
                text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
            case Double number -> Double.isFinite(number);
            case List<?> values -> values.stream().allMatch(TokenRules::isStorable);
            case Map<?, ?> members ->
                members.entrySet().stream()
                        .allMatch(member -> isStorable(member.getKey()) && isStorable(member.getValue()));
            default -> true;
        };
    }

    // Teams are not there yet: no id can be one of the tenant's.
    void team(java.util.@Nullable UUID teamId) {
        if (teamId != null) {
            throw Problem.invalidField("team_id", "is not a team of this tenant");
        }
    }
}
