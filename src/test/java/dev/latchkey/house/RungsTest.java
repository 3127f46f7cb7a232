package dev.latchkey.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md: who may import whom. */
class RungsTest {

    private static final String ROOT = "dev.latchkey.";
    private static final Set<String> RUNG_1 = Set.of(
            "audit",
            "limit",
            "decision",
            "chunk",
            "credit",
            "usage",
            "journal",
            "signing",
            "identity",
            "session",
            "credential",
            "access",
            "lease",
            "settlement",
            "verification",
            "forwardauth",
            "introspection",
            "keyrole",
            "provider",
            "oauthclient",
            "grant",
            "refresh",
            "telegram",
            "governor",
            "turn");
    private static final Set<String> RUNG_2 = Set.of(
            "token",
            "apikey",
            "keycheck",
            "derived",
            "oauth",
            "oauthlogin",
            "oauthimport",
            "bot",
            "botcall",
            "botadmin",
            "botimport");

    /** What each package may import besides itself and {@code platform}. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("platform", Set.of()),
            Map.entry("local", Set.of()),
            Map.entry("audit", Set.of()),
            Map.entry("limit", Set.of()),
            Map.entry("decision", Set.of("limit")),
            Map.entry("chunk", Set.of("credit")),
            Map.entry("credit", Set.of()),
            Map.entry("usage", Set.of("chunk", "credit")),
            Map.entry("journal", Set.of("chunk", "usage")),
            Map.entry("signing", Set.of("audit")),
            Map.entry("identity", Set.of("audit", "limit")),
            Map.entry("session", Set.of("audit", "signing", "identity")),
            Map.entry("credential", Set.of("audit", "limit", "credit", "usage", "identity")),
            Map.entry(
                    "access",
                    Set.of("audit", "limit", "decision", "lease", "usage", "identity", "session", "credential")),
            Map.entry("lease", Set.of("limit", "decision", "chunk", "journal")),
            Map.entry("settlement", Set.of("decision", "chunk", "credit", "usage")),
            Map.entry(
                    "verification",
                    Set.of(
                            "settlement",
                            "access",
                            "audit",
                            "limit",
                            "decision",
                            "lease",
                            "chunk",
                            "credit",
                            "usage",
                            "identity",
                            "credential")),
            Map.entry("forwardauth", Set.of("access", "limit", "credential", "verification")),
            Map.entry("introspection", Set.of("audit", "limit", "usage", "credential")),
            Map.entry("keyrole", Set.of("limit", "credential")),
            Map.entry("provider", Set.of()),
            Map.entry("oauthclient", Set.of("audit", "identity", "provider")),
            Map.entry("grant", Set.of("audit", "provider", "oauthclient")),
            Map.entry("refresh", Set.of("provider", "oauthclient", "grant")),
            Map.entry("telegram", Set.of()),
            Map.entry("governor", Set.of()),
            Map.entry("turn", Set.of("telegram", "governor")),
            Map.entry("oauth", RUNG_1),
            Map.entry("oauthlogin", RUNG_1),
            Map.entry("oauthimport", RUNG_1),
            Map.entry("bot", RUNG_1),
            Map.entry("botcall", union(RUNG_1, Set.of("bot"))),
            Map.entry("botadmin", union(RUNG_1, Set.of("bot"))),
            Map.entry("botimport", union(RUNG_1, Set.of("bot"))),
            Map.entry("token", RUNG_1),
            Map.entry("apikey", RUNG_1),
            Map.entry("keycheck", RUNG_1),
            Map.entry("derived", RUNG_1),
            Map.entry("report", union(RUNG_1, RUNG_2)),
            Map.entry("keywatch", union(RUNG_1, RUNG_2)),
            Map.entry("v1key", union(RUNG_1, RUNG_2)));

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.latchkey");

    @Test
    void noPackageImportsAnotherThatItMayNot() {
        assertEquals(Set.of(), violations(MAIN, ROOT));
    }

    @Test
    void theRuleSeesAViolation() {
        var fixture = new ClassFileImporter().importPackages("dev.latchkey.house.fixture");
        assertEquals(Set.of("audit.Upwards -> token.Something"), violations(fixture, "dev.latchkey.house.fixture."));
    }

    @Test
    void everyPackageStandsInTheTable() {
        var packages = MAIN.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT))
                .map(type -> feature(type, ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(MAY_IMPORT.keySet()), packages);
    }

    @Test
    void thereIsNoCycleWithinThePlatform() {
        var order = Arrays.asList(
                "id",
                "time",
                "auditline",
                "html",
                "database",
                "problem",
                "bulk",
                "metadata",
                "form",
                "startup",
                "caller",
                "crypto",
                "sealing",
                "http",
                "paging",
                "redis",
                "cluster",
                "cache",
                "readiness",
                "openapi");
        var upward = MAIN.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT + "platform."))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> target.getPackageName().startsWith(ROOT + "platform."))
                        .filter(target -> order.indexOf(feature(target, ROOT + "platform."))
                                > order.indexOf(feature(type, ROOT + "platform.")))
                        .map(target -> type.getSimpleName() + " -> " + target.getSimpleName()))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), upward);
    }

    @Test
    void nobodyTrustsAnnotationsThatNothingReads() {
        var users = MAIN.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith("jakarta.annotation.security")))
                .map(JavaClass::getName)
                .toList();
        assertEquals(List.of(), users, "see ADR 0003: access is said by @Access");
    }

    private static Set<String> violations(JavaClasses classes, String root) {
        assertTrue(classes.stream().findAny().isPresent(), "there is something to look at");
        return classes.stream()
                .filter(type -> type.getPackageName().startsWith(root))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> target.getPackageName().startsWith(root))
                        .filter(target -> !mayImport(feature(type, root), feature(target, root)))
                        .map(target -> name(type, root) + " -> " + name(target, root)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean mayImport(String from, String to) {
        return from.equals(to)
                || to.equals("platform") && !from.equals("local")
                || MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
    }

    private static String name(JavaClass type, String root) {
        return type.getName().substring(root.length());
    }

    private static String feature(JavaClass type, String root) {
        var rest = type.getName().substring(root.length());
        return rest.substring(0, Math.max(0, rest.indexOf('.')));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        var union = new TreeSet<>(one);
        union.addAll(other);
        return union;
    }
}
