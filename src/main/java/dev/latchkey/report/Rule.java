package dev.latchkey.report;

import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.report.AuditReport.Finding;
import dev.latchkey.report.AuditReport.Severity;
import dev.latchkey.report.ReportConfig.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an audit holds against each credential. The constant's name is the word in the report; docs/audits.md describes each. */
enum Rule {
    ADMIN_SCOPE(
            Severity.HIGH,
            "Give it the scopes that it uses instead, and let people administer the tenant with their own sessions.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            if (!it.credential().scopes().covers(Scopes.ADMIN_TENANT)) {
                return Optional.empty();
            }
            return found(
                    it,
                    "Whoever holds it can do everything in this tenant",
                    Map.of("scopes", it.credential().scopes().words(), "scopes_used", sorted(it)));
        }
    },

    NEVER_USED(Severity.MEDIUM, "Revoke it, unless it is about to be used.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            var age = it.since(it.summary().createdAt());
            if (it.wasUsed() || age.compareTo(thresholds.neverUsedAfter()) < 0) {
                return Optional.empty();
            }
            return found(
                    it,
                    "Made " + days(age) + " ago and never used",
                    Map.of("created_at", it.summary().createdAt().toString()));
        }
    },

    UNUSED_90_DAYS(Severity.MEDIUM, "Revoke it; or disable it first, and revoke it when nobody misses it.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            return it.lastUse()
                    .filter(at -> it.since(at).compareTo(thresholds.unusedAfter()) >= 0)
                    .flatMap(at ->
                            found(it, "Not used for " + days(it.since(at)), Map.of("last_used_at", at.toString())));
        }
    },

    NEVER_EXPIRES(Severity.MEDIUM, "Replace it by one that expires, and rotate that in time.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            if (it.credential().expiresAt().isPresent()) {
                return Optional.empty();
            }
            return found(
                    it,
                    "It has no expiry: once leaked, it works until somebody notices",
                    Map.of("created_at", it.summary().createdAt().toString()));
        }
    },

    NOT_ROTATED_FOR_A_YEAR(Severity.MEDIUM, "Rotate it, with a grace in which both texts work.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            var age = it.since(it.summary().secretSince());
            if (it.isSuperseded() || age.compareTo(thresholds.rotateAfter()) < 0) {
                return Optional.empty();
            }
            return found(
                    it,
                    "Its text has been the same for " + days(age),
                    Map.of("secret_since", it.summary().secretSince().toString()));
        }
    },

    UNUSED_SCOPES(Severity.LOW, "Take away the scopes that it does not use.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            var age = it.since(it.summary().createdAt());
            var unused = it.unusedScopes();
            // Of one that was never used, another rule tells; it has no use to learn from.
            if (!it.wasUsed() || unused.isEmpty() || age.compareTo(thresholds.unusedScopesAfter()) < 0) {
                return Optional.empty();
            }
            return found(
                    it,
                    "It may do more than it ever did: " + String.join(" ", unused),
                    Map.of(
                            "scopes", it.credential().scopes().words(),
                            "scopes_used", sorted(it),
                            "scopes_unused", unused));
        }
    },

    NO_ADDRESS_LIMIT(Severity.LOW, "Limit it to the addresses of the machines that use it.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            if (it.hasAddressLimit()) {
                return Optional.empty();
            }
            var blocks = it.credential().allowedCidrs().stream()
                    .map(Object::toString)
                    .toList();
            return found(it, "It may be used from every address", Map.of("allowed_cidrs", blocks));
        }
    },

    EXPIRES_SOON(Severity.INFO, "Rotate it before, if it is still needed.") {
        @Override
        Optional<Finding> check(Examined it, Thresholds thresholds) {
            // Nothing breaks when one ends that has a successor, or that is switched off.
            if (it.isSuperseded() || !it.credential().enabled()) {
                return Optional.empty();
            }
            return it.credential()
                    .expiresAt()
                    .filter(at -> !at.isAfter(it.now().plus(thresholds.expiresSoonWithin())))
                    .flatMap(at -> found(
                            it,
                            "It expires in " + days(Duration.between(it.now(), at)),
                            Map.of("expires_at", at.toString())));
        }
    };

    private final Severity severity;
    private final String remedy;

    Rule(Severity severity, String remedy) {
        this.severity = severity;
        this.remedy = remedy;
    }

    /** What is wrong, if anything is. */
    abstract Optional<Finding> check(Examined it, Thresholds thresholds);

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Severity severity() {
        return severity;
    }

    Optional<Finding> found(Examined it, String message, Map<String, Object> evidence) {
        var credential = it.credential();
        return Optional.of(new Finding(
                word(),
                severity,
                credential.id(),
                credential.kind().word(),
                credential.name(),
                it.summary().display(),
                message,
                remedy,
                evidence));
    }

    private static List<String> sorted(Examined it) {
        return it.scopesUsed().stream().sorted().toList();
    }

    private static String days(Duration duration) {
        return switch ((int) duration.toDays()) {
            case 0 -> "less than a day";
            case 1 -> "1 day";
            default -> duration.toDays() + " days";
        };
    }
}
