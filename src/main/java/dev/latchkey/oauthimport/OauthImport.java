package dev.latchkey.oauthimport;

import static java.util.stream.Collectors.toMap;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.grant.ImportedGrants;
import dev.latchkey.oauthclient.ClientRegistration;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthimport.ImportCheck.Registration;
import dev.latchkey.platform.bulk.JsonLines;
import dev.latchkey.platform.bulk.LineFaults;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Takes over the clients of another service with their grants: all of a document or nothing. What is here already is left alone. */
@ApplicationScoped
class OauthImport {

    /** @param skipped clients that are here already */
    record Result(int imported, int skipped, boolean dryRun) {}

    static final String THING = "client";

    private final JsonLines lines;
    private final Providers providers;
    private final ClientRegistration clients;
    private final ImportedGrants grants;
    private final Validator validator;
    private final AuditLog audit;
    private final Clock clock;

    OauthImport(
            JsonLines lines,
            Providers providers,
            ClientRegistration clients,
            ImportedGrants grants,
            Validator validator,
            AuditLog audit,
            Clock clock) {
        this.lines = lines;
        this.providers = providers;
        this.clients = clients;
        this.grants = grants;
        this.validator = validator;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws Problem {@code validation_failed}, {@code conflict}: each names the lines and columns that cannot be taken */
    Result run(Caller admin, String providerName, String document, boolean dryRun) {
        // It may have to be discovered: in no transaction.
        var provider = providers.get(providerName);
        var now = clock.instant();
        var registrations = new ImportCheck(clients, validator, provider, now)
                .registrations(lines.read(document, ImportedClient.class, THING));
        return QuarkusTransaction.requiringNew().call(() -> {
            var fresh = fresh(admin.tenantId(), registrations);
            var result = new Result(fresh.size(), registrations.size() - fresh.size(), dryRun);
            if (!dryRun && !fresh.isEmpty()) {
                store(admin, fresh, provider, now);
                audit.record(AuditEntry.of(admin.tenantId(), "oauth_client.imported", "tenant", admin.tenantId())
                        .with("imported", result.imported())
                        .with("skipped", result.skipped()));
            }
            return result;
        });
    }

    /** Without those that are here already. */
    private List<Registration> fresh(UUID tenantId, List<Registration> registrations) {
        var known = clients.known(
                tenantId,
                registrations.stream().map(one -> one.client().clientId()).toList(),
                registrations.stream().map(one -> one.client().branchId()).toList());
        var branches = known.stream().collect(toMap(client -> client.clientOauthId, client -> client.branchId));
        var taken = Set.copyOf(branches.values());
        var conflicts = new LineFaults(CommonProblem.CONFLICT, THING);
        var fresh = new ArrayList<Registration>();
        for (var one : registrations) {
            var branch = branches.get(one.client().clientId());
            if (branch == null) {
                fresh.add(one);
            }
            if (branch == null && taken.contains(one.client().branchId())) {
                conflicts.add(one.line(), "branch_id", "has another client here");
            } else if (branch != null && !branch.equals(one.client().branchId())) {
                conflicts.add(one.line(), "client_id", "is of another branch here");
            }
        }
        conflicts.raise();
        return fresh;
    }

    private void store(Caller admin, List<Registration> registrations, Provider provider, Instant now) {
        var stored = new LinkedHashMap<Registration, OauthClient>();
        registrations.forEach(one -> stored.put(one, clients.takeOver(admin, one.client(), provider, one.history())));
        // Grants are written beside Hibernate, and refer to the clients.
        OauthClient.flush();
        stored.forEach((one, client) -> one.grant().ifPresent(kept -> grants.add(client, kept, provider, now)));
    }
}
