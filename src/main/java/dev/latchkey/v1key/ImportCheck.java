package dev.latchkey.v1key;

import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.v1key.ForeignHash.Sha256;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes rows of imported lines, and finds everything that is wrong with them. Use it once. */
final class ImportCheck {

    private static final int MOST_ERRORS = 100;
    private static final Pattern LOOKUP =
            Pattern.compile("[!-~]{" + ForeignKeys.SHORTEST_LOOKUP + "," + ForeignKeys.LONGEST_LOOKUP + "}");

    private final KeyRoles roles;
    private final Instant now;
    private final Problem problem = new Problem(CommonProblem.VALIDATION_FAILED, "Nothing was imported");
    private final Set<String> keyIds = new HashSet<>();
    private final Map<String, Integer> beginnings = new HashMap<>();
    private int line;

    ImportCheck(KeyRoles roles, Instant now) {
        this.roles = roles;
        this.now = now.truncatedTo(ChronoUnit.MICROS);
    }

    /** @throws Problem {@code validation_failed}, naming at most 100 columns of lines; lines count from 1, without the header */
    List<V1Key> rows(List<ImportedKey> lines) {
        var rows = new ArrayList<V1Key>();
        for (var imported : lines) {
            line++;
            rows.add(row(imported));
        }
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
        return rows;
    }

    private V1Key row(ImportedKey imported) {
        var key = new V1Key();
        key.id = Uuid7.next();
        key.importedAt = now;
        key.keyId = text("key_id", imported.keyId(), 100);
        if (!keyIds.add(key.keyId)) {
            wrong("key_id", "stands in two lines");
        }
        key.name = text("name", imported.name(), 100);
        key.owner = imported.owner() == null ? null : text("owner", imported.owner(), 200);
        key.role = role(imported.role());
        key.createdAt = Objects.requireNonNullElse(time("created_at", imported.createdAt()), now);
        key.expiresAt = time("expires_at", imported.expiresAt());
        key.revokedAt = switch (String.valueOf(imported.revoked())) {
            case "true" -> now;
            case "null", "false" -> null;
            default -> {
                wrong("revoked", "must be true or false");
                yield null;
            }
        };
        readHash(imported, key);
        return key;
    }

    private void readHash(ImportedKey imported, V1Key key) {
        var hash = imported.hash() == null
                ? null
                : ForeignHash.parse(imported.hash()).orElse(null);
        switch (hash) {
            case null ->
                wrong("hash", "must be SHA-256 in hexadecimal digits, pbkdf2_sha256$rounds$salt$hash, or bcrypt");
            case Sha256(byte[] digest) -> key.digest = digest;
            default -> {
                key.foreignHash = imported.hash();
                key.lookup = imported.prefix();
                checkLookup(key.lookup);
            }
        }
    }

    // Each key that begins alike costs the work of a hash at a first use.
    private void checkLookup(@Nullable String lookup) {
        if (lookup == null || !LOOKUP.matcher(lookup).matches()) {
            wrong("prefix", "must be the first 8 to 64 characters of the key, as its hash is salted");
        } else if (beginnings.merge(lookup, 1, Integer::sum) > ForeignHash.MOST_ALIKE) {
            wrong("prefix", "must tell keys apart: at most " + ForeignHash.MOST_ALIKE + " may begin alike");
        }
    }

    private String text(String column, @Nullable String value, int max) {
        if (value == null || !Text.Validator.isText(value, 1, max)) {
            wrong(column, "must be 1 to " + max + " characters, not blank, without control characters");
            return "";
        }
        return value;
    }

    private String role(@Nullable String word) {
        try {
            return roles.get(String.valueOf(word)).name();
        } catch (Problem e) {
            wrong("role", "must be one of " + String.join(", ", roles.names()));
            return "";
        }
    }

    private @Nullable Instant time(String column, @Nullable String text) {
        try {
            var time = text == null ? null : OffsetDateTime.parse(text);
            if (time == null || time.getYear() >= 1970 && time.getYear() <= 9999) {
                return time == null ? null : time.toInstant().truncatedTo(ChronoUnit.MICROS);
            }
            wrong(column, "must be a time from 1970 to 9999");
            return null;
        } catch (DateTimeException e) {
            wrong(column, "must be a time as in RFC 3339");
            return null;
        }
    }

    private void wrong(String column, String message) {
        if (problem.errors().size() < MOST_ERRORS) {
            problem.field("line " + line + "." + column, message);
        }
    }
}
