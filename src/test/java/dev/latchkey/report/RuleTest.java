package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latchkey.report.AuditReport.Finding;
import dev.latchkey.report.AuditReport.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleTest {

    private static final Duration TICK = Duration.ofNanos(1000);

    @ParameterizedTest(name = "{0}")
    @MethodSource("edges")
    void aCredentialIsFoundToBreakExactlyTheRulesThatItBreaks(String situation, Sample sample, List<String> rules) {
        assertEquals(Set.copyOf(rules), rulesBrokenBy(sample));
    }

    static Stream<Arguments> edges() {
        return Stream.of(lifetimes(), uses(), scopes(), addresses()).flatMap(edges -> edges);
    }

    private static Stream<Arguments> lifetimes() {
        var fine = Sample.harmless();
        return Stream.of(
                edge("nothing is wrong", fine),
                edge("no expiry", fine.neverExpires(), "never_expires"),
                edge("expires in 30 days", fine.expiresIn(days(30)), "expires_soon"),
                edge("expires just after 30 days", fine.expiresIn(days(30).plus(TICK))),
                edge("expires in a moment", fine.expiresIn(TICK), "expires_soon"),
                edge(
                        "expires soon, and has a successor",
                        fine.expiresIn(days(1)).inGrace()),
                edge("expires soon, and is disabled", fine.expiresIn(days(1)).disabled()),
                edge("text of a year", fine.secret(days(365)), "not_rotated_for_a_year"),
                edge("text of nearly a year", fine.secret(days(365).minus(TICK))),
                edge(
                        "text of a year that was superseded",
                        fine.secret(days(365)).inGrace()));
    }

    private static Stream<Arguments> uses() {
        var fine = Sample.harmless();
        return Stream.of(
                edge("never used for 7 days", fine.neverUsed().made(days(7)), "never_used"),
                edge("never used yet", fine.neverUsed().made(days(7).minus(TICK))),
                edge("made a moment ahead of our clock", fine.neverUsed().made(TICK.negated())),
                edge("never used for years", fine.neverUsed().made(days(300)), "never_used"),
                edge("last used 90 days ago", fine.lastUsed(days(90)), "unused_90_days"),
                edge("last used nearly 90 days ago", fine.lastUsed(days(90).minus(TICK))),
                edge("unused and disabled", fine.lastUsed(days(90)).disabled(), "unused_90_days"));
    }

    private static Stream<Arguments> scopes() {
        var fine = Sample.harmless();
        return Stream.of(
                edge("one scope unused", fine.granted("read:audits", "write:audits"), "unused_scopes"),
                edge(
                        "all granted used",
                        fine.granted("read:audits", "write:audits").used("read:audits", "write:audits")),
                edge("used, but for nothing that takes a scope", fine.usedForNothingThatTakesAScope(), "unused_scopes"),
                edge("never used", fine.neverUsed().made(days(2)).granted("read:audits", "write:audits")),
                edge("one day old", fine.made(days(1)).granted("read:audits", "write:audits"), "unused_scopes"),
                edge("not one day old", fine.made(days(1).minus(TICK)).granted("read:audits", "write:audits")),
                edge("a wildcard of which one scope was used", fine.granted("read:*"), "unused_scopes"),
                edge("a wildcard used up", fine.granted("read:*").used("read:audits", "read:reports", "read:webhooks")),
                edge("a word that is unknown by now", fine.granted("read:audits", "old:scope"), "unused_scopes"),
                edge("used more than is granted now", fine.used("read:audits", "write:audits")),
                edge("admin that needed to be", fine.granted("admin:tenant").used("admin:tenant"), "admin_scope"),
                edge("admin that only read", fine.granted("admin:tenant"), "admin_scope", "unused_scopes"));
    }

    private static Stream<Arguments> addresses() {
        var fine = Sample.harmless();
        return Stream.of(
                edge("no address limit", fine.limitedTo(), "no_address_limit"),
                edge("one address", fine.limitedTo("192.0.2.1")),
                edge("every IPv4 address", fine.limitedTo("10.0.0.0/8", "0.0.0.0/0"), "no_address_limit"),
                edge("every IPv6 address", fine.limitedTo("::/0"), "no_address_limit"));
    }

    @Test
    void severitiesAreThoseOfTheDocumentation() {
        var severities = Stream.of(Rule.values()).collect(Collectors.toMap(Rule::word, Rule::severity));
        assertEquals(
                Map.of(
                        "admin_scope", Severity.HIGH,
                        "never_used", Severity.MEDIUM,
                        "unused_90_days", Severity.MEDIUM,
                        "never_expires", Severity.MEDIUM,
                        "not_rotated_for_a_year", Severity.MEDIUM,
                        "unused_scopes", Severity.LOW,
                        "no_address_limit", Severity.LOW,
                        "expires_soon", Severity.INFO),
                severities);
    }

    @Test
    void aFindingSaysWhatItIsAboutAndWhatToDo() {
        var finding = findings(Sample.harmless().granted("read:*")).getFirst();
        assertEquals("unused_scopes", finding.rule());
        assertEquals(Severity.LOW, finding.severity());
        assertEquals("api_token", finding.credentialKind());
        assertEquals("audit robot", finding.name());
        assertEquals("lk_live_k3Pz", finding.display());
        assertEquals("It may do more than it ever did: read:reports read:webhooks", finding.message());
        assertFalse(finding.remedy().isBlank());
        assertEquals(
                Map.of(
                        "scopes", List.of("read:*"),
                        "scopes_used", List.of("read:audits"),
                        "scopes_unused", List.of("read:reports", "read:webhooks")),
                finding.evidence());
    }

    @Test
    void messagesTellTheRealNumberOfDays() {
        assertEquals("Not used for 123 days", messageOf(Sample.harmless().lastUsed(days(123))));
        assertEquals("It expires in 1 day", messageOf(Sample.harmless().expiresIn(Duration.ofHours(47))));
        assertEquals(
                "It expires in less than a day", messageOf(Sample.harmless().expiresIn(TICK)));
    }

    @Test
    void aGraceOfZeroFindsANewCredentialAtOnce() {
        var none = new TestThresholds(Duration.ZERO, days(90), days(1), days(30), days(365));
        assertEquals(
                1,
                Rule.NEVER_USED
                        .check(Sample.harmless().neverUsed().made(Duration.ZERO).examined(), none)
                        .stream()
                        .count());
    }

    private static Arguments edge(String situation, Sample sample, String... rules) {
        return Arguments.of(situation, sample, List.of(rules));
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    private static String messageOf(Sample sample) {
        return findings(sample).getFirst().message();
    }

    private static Set<String> rulesBrokenBy(Sample sample) {
        return findings(sample).stream().map(Finding::rule).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Finding> findings(Sample sample) {
        return Stream.of(Rule.values())
                .flatMap(rule -> rule.check(sample.examined(), TestThresholds.usual()).stream())
                .toList();
    }
}
