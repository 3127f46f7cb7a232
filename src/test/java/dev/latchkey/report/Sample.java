package dev.latchkey.report;

import dev.latchkey.credential.Allowance;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.limit.Budget;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A credential at the moment {@link #NOW} in which no rule finds anything; each test changes the one thing that it is about. The ages are how
 * long before now something was, and how long after now it expires.
 */
record Sample(
        Duration age,
        Duration secretAge,
        Optional<Duration> lastUseAge,
        Optional<Duration> life,
        List<String> cidrs,
        List<String> granted,
        Set<String> used,
        boolean superseded,
        boolean enabled) {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final List<String> KNOWN = List.of(
            "admin:tenant",
            "read:audits",
            "read:connections",
            "read:reports",
            "read:webhooks",
            "verify:tokens",
            "write:audits",
            "write:webhooks");

    static Sample harmless() {
        return new Sample(
                Duration.ofDays(40),
                Duration.ofDays(40),
                Optional.of(Duration.ofHours(1)),
                Optional.of(Duration.ofDays(60)),
                List.of("10.0.0.0/8"),
                List.of("read:audits"),
                Set.of("read:audits"),
                false,
                true);
    }

    Sample made(Duration ago) {
        return new Sample(ago, ago, lastUseAge, life, cidrs, granted, used, superseded, enabled);
    }

    Sample secret(Duration ago) {
        return new Sample(age, ago, lastUseAge, life, cidrs, granted, used, superseded, enabled);
    }

    Sample lastUsed(Duration ago) {
        return new Sample(age, secretAge, Optional.of(ago), life, cidrs, granted, used, superseded, enabled);
    }

    Sample neverUsed() {
        return new Sample(age, secretAge, Optional.empty(), life, cidrs, granted, Set.of(), superseded, enabled);
    }

    Sample expiresIn(Duration time) {
        return new Sample(age, secretAge, lastUseAge, Optional.of(time), cidrs, granted, used, superseded, enabled);
    }

    Sample neverExpires() {
        return new Sample(age, secretAge, lastUseAge, Optional.empty(), cidrs, granted, used, superseded, enabled);
    }

    Sample limitedTo(String... blocks) {
        return new Sample(age, secretAge, lastUseAge, life, List.of(blocks), granted, used, superseded, enabled);
    }

    Sample granted(String... scopes) {
        return new Sample(age, secretAge, lastUseAge, life, cidrs, List.of(scopes), used, superseded, enabled);
    }

    Sample usedForNothingThatTakesAScope() {
        return used(new String[0]);
    }

    Sample used(String... scopes) {
        return new Sample(age, secretAge, lastUseAge, life, cidrs, granted, Set.of(scopes), superseded, enabled);
    }

    Sample inGrace() {
        return new Sample(age, secretAge, lastUseAge, life, cidrs, granted, used, true, enabled);
    }

    Sample disabled() {
        return new Sample(age, secretAge, lastUseAge, life, cidrs, granted, used, superseded, false);
    }

    Examined examined() {
        var scopes = Scopes.of(granted);
        var credential = new Credential(
                UUID.fromString("01a1fe77-0f60-7000-a1b2-c3d4e5f60718"),
                UUID.fromString("01a1fe76-6e84-7001-9bbf-f2ff4c7a6546"),
                Caller.Kind.API_TOKEN,
                Optional.empty(),
                Optional.empty(),
                "audit robot",
                scopes,
                enabled,
                NOW.minus(age).getEpochSecond(),
                life.map(NOW::plus),
                Optional.empty(),
                cidrs.stream().map(Cidr::parse).toList(),
                Allowance.of(List.of(new Budget("token:sample", List.of()))),
                Optional.empty(),
                Map.of());
        return new Examined(
                new CredentialSummary(
                        credential,
                        "lk_live_k3Pz",
                        NOW.minus(age),
                        NOW.minus(secretAge),
                        superseded ? Optional.of(NOW) : Optional.empty()),
                lastUseAge.map(NOW::minus),
                used,
                KNOWN.stream().filter(scopes::covers).toList(),
                NOW);
    }
}
