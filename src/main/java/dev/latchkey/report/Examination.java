package dev.latchkey.report;

import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.credential.CredentialVerifier;
import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.report.AuditReport.Finding;
import dev.latchkey.report.AuditReport.Severity;
import dev.latchkey.report.AuditReport.Summary;
import dev.latchkey.usage.UsageQueries;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Holds every rule against every credential of a tenant. */
@ApplicationScoped
class Examination {

    private static final int AT_ONCE = 200;
    private static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::rule)
            .thenComparing(Finding::name)
            .thenComparing(Finding::credentialId);

    /** Told now and then how far the examination is. */
    interface Checkpoint {

        /** @return whether to go on */
        boolean reached(int percent);
    }

    private final List<CredentialVerifier> kinds;
    private final ScopeCatalogue catalogue;
    private final UsageQueries usage;
    private final ReportConfig config;
    private final Clock clock;

    Examination(
            @All List<CredentialVerifier> kinds,
            ScopeCatalogue catalogue,
            UsageQueries usage,
            ReportConfig config,
            Clock clock) {
        this.kinds = kinds;
        this.catalogue = catalogue;
        this.usage = usage;
        this.config = config;
        this.clock = clock;
    }

    /** @return nothing if the checkpoint told it to stop */
    Optional<AuditReport> examine(UUID auditId, UUID tenantId, Checkpoint checkpoint) {
        var inventory = inventory(tenantId);
        var now = clock.instant();
        var findings = new Findings(config.findingsMax());
        for (var done = 0; done < inventory.size(); done += AT_ONCE) {
            if (!checkpoint.reached(percent(done, inventory.size()))) {
                return Optional.empty();
            }
            var some = inventory.subList(done, Math.min(done + AT_ONCE, inventory.size()));
            examine(some, now).forEach(findings::add);
        }
        var shown = findings.worst();
        return Optional.of(new AuditReport(
                auditId,
                tenantId,
                now,
                AuditRun.CREDENTIALS,
                inventory.size(),
                findings.summary(),
                findings.summary().total() - shown.size(),
                shown));
    }

    private List<CredentialSummary> inventory(UUID tenantId) {
        return QuarkusTransaction.requiringNew().call(() -> kinds.stream()
                .flatMap(kind -> kind.inventory(tenantId).stream())
                .toList());
    }

    private Stream<Finding> examine(List<CredentialSummary> credentials, Instant now) {
        var ids = credentials.stream().map(summary -> summary.credential().id()).toList();
        var lastUse = usage.lastUse(ids);
        var scopesUsed = usage.scopesUsed(ids);
        return credentials.stream()
                .map(summary -> new Examined(
                        summary,
                        Optional.ofNullable(lastUse.get(summary.credential().id())),
                        scopesUsed.getOrDefault(summary.credential().id(), Set.of()),
                        catalogue.coveredBy(summary.credential().scopes()),
                        now))
                .flatMap(examined ->
                        Stream.of(Rule.values()).flatMap(rule -> rule.check(examined, config.thresholds()).stream()));
    }

    // The inventory is most of the work for a small tenant, and the writing of the report is left at the end.
    private static int percent(int done, int all) {
        return 10 + (int) (80L * done / all);
    }

    /** Counts all findings, and keeps as many as there is room for, however many come. */
    static final class Findings {

        private final int most;
        private final Map<Severity, List<Finding>> kept = new EnumMap<>(Severity.class);
        private final Map<Severity, Integer> counts = new EnumMap<>(Severity.class);

        Findings(int most) {
            this.most = most;
        }

        void add(Finding finding) {
            counts.merge(finding.severity(), 1, Integer::sum);
            var alike = kept.computeIfAbsent(finding.severity(), severity -> new ArrayList<>());
            if (alike.size() < most) {
                alike.add(finding);
            }
        }

        List<Finding> worst() {
            return kept.values().stream()
                    .flatMap(List::stream)
                    .limit(most)
                    .sorted(WORST_FIRST)
                    .toList();
        }

        Summary summary() {
            return new Summary(count(Severity.HIGH), count(Severity.MEDIUM), count(Severity.LOW), count(Severity.INFO));
        }

        private int count(Severity severity) {
            return counts.getOrDefault(severity, 0);
        }
    }
}
