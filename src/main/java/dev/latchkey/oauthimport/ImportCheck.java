package dev.latchkey.oauthimport;

import dev.latchkey.grant.ImportedGrants.Kept;
import dev.latchkey.oauthclient.ClientRegistration;
import dev.latchkey.oauthclient.ClientRegistration.History;
import dev.latchkey.oauthclient.NewOauthClient;
import dev.latchkey.oauthimport.ImportedClient.Token;
import dev.latchkey.platform.bulk.LineFaults;
import dev.latchkey.platform.bulk.LineTimes;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ViolationProblems;
import dev.latchkey.provider.Provider;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes registrations of imported lines, and finds everything that is wrong with them. Use it once. */
final class ImportCheck {

    /** What a line comes to. */
    record Registration(int line, NewOauthClient client, History history, Optional<Kept> grant) {}

    private static final String BEARER = "Bearer";

    private final ClientRegistration clients;
    private final Validator validator;
    private final Provider provider;
    private final Instant now;
    private final LineFaults faults = new LineFaults(CommonProblem.VALIDATION_FAILED, OauthImport.THING);
    private final LineTimes times = new LineTimes(faults);
    private final Set<String> clientIds = new HashSet<>();
    private final Set<String> branchIds = new HashSet<>();
    private int line;

    ImportCheck(ClientRegistration clients, Validator validator, Provider provider, Instant now) {
        this.clients = clients;
        this.validator = validator;
        this.provider = provider;
        this.now = now.truncatedTo(ChronoUnit.MICROS);
    }

    /** @throws Problem {@code validation_failed}, naming lines and columns */
    List<Registration> registrations(Map<Integer, ImportedClient> lines) {
        var registrations = new ArrayList<Registration>();
        lines.forEach((number, imported) -> {
            line = number;
            registrations.add(registration(imported));
        });
        faults.raise();
        return registrations;
    }

    private Registration registration(ImportedClient imported) {
        var client = new NewOauthClient(
                imported.clientId(),
                imported.clientSecret(),
                // As the provider says.
                null,
                imported.redirectUri(),
                imported.branchId(),
                imported.workspaceEmail(),
                imported.workspaceName(),
                provider.name(),
                scopes(imported.scope()));
        if (isValid(client) & isValid(imported)) {
            checkFurther(client);
        }
        var createdAt = time("created_at", imported.createdAt()).orElse(now);
        var history = new History(
                !Boolean.FALSE.equals(imported.isActive()),
                createdAt,
                time("updated_at", imported.updatedAt()).orElse(createdAt));
        return new Registration(
                line, client, history, Optional.ofNullable(imported.token()).map(this::kept));
    }

    private boolean isValid(Object bean) {
        var violations = validator.validate(bean);
        if (!violations.isEmpty()) {
            ViolationProblems.of(new ConstraintViolationException(violations))
                    .errors()
                    // Its words are those of a list, which the column is not.
                    .forEach(error ->
                            faults.add(line, error.field().replaceFirst("^scopes.*", "scope"), error.message()));
        }
        return violations.isEmpty();
    }

    private void checkFurther(NewOauthClient client) {
        try {
            clients.check(client, provider);
        } catch (Problem e) {
            faults.add(line, e);
        }
        if (!clientIds.add(client.clientId())) {
            faults.add(line, "client_id", "stands in two lines");
        }
        if (!branchIds.add(client.branchId())) {
            faults.add(line, "branch_id", "stands in two lines");
        }
    }

    private @Nullable List<String> scopes(@Nullable String scope) {
        return scope == null || scope.isBlank()
                ? null
                : List.of(scope.strip().split("\\s+|" + Pattern.quote(provider.scopeSeparator())));
    }

    private Kept kept(Token token) {
        return new Kept(
                new Secret(Objects.requireNonNullElse(token.accessToken(), "")),
                Optional.ofNullable(token.refreshToken()).map(Secret::new),
                Objects.requireNonNullElse(token.tokenType(), BEARER),
                Optional.ofNullable(token.scope()),
                time("token.created_at", token.createdAt()).orElse(now),
                time("token.expires_at", token.expiresAt()),
                time("token.last_refreshed_at", token.lastRefreshedAt()));
    }

    private Optional<Instant> time(String column, @Nullable String text) {
        return times.read(line, column, text);
    }
}
