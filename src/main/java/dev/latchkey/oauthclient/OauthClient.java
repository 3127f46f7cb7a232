package dev.latchkey.oauthclient;

import dev.latchkey.provider.ClientAuthentication;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code oauth_clients}. */
@Entity
@Table(name = "oauth_clients")
public class OauthClient extends PanacheEntityBase {

    @Id
    public UUID id;

    /** What it is called by here. */
    public long number;

    public UUID tenantId;
    public String provider;

    /** What its provider calls it. */
    public String clientOauthId;

    /** A word of {@link ClientAuthentication}; null if it is what the provider says. */
    @Nullable
    String clientAuthentication;

    public String branchId;
    public String workspaceEmail;
    public String workspaceName;
    public String redirectUri;
    public String[] scopes;
    public boolean isActive;

    @Nullable
    UUID createdBy;

    public Instant createdAt;
    Instant updatedAt;

    /** How it proves itself; empty if that is as the provider says. */
    Optional<ClientAuthentication> authentication() {
        return Optional.ofNullable(clientAuthentication).map(ClientAuthentication::of);
    }

    /** By either of its names. */
    static Optional<OauthClient> find(UUID tenantId, ClientReference name) {
        if (!name.mayExist()) {
            return Optional.empty();
        }
        var numbered = name.number().flatMap(number -> one("tenantId = ?1 and number = ?2", tenantId, number));
        return numbered.isPresent() ? numbered : one("tenantId = ?1 and clientOauthId = ?2", tenantId, name.text());
    }

    /**
     * By either of its names, whoever it is of. A provider's name that several tenants have is nobody's here: whoever registers it too must not get the
     * logins that are meant for another.
     */
    static Optional<OauthClient> findAnyones(ClientReference name) {
        if (!name.mayExist()) {
            return Optional.empty();
        }
        var numbered = name.number().flatMap(number -> one("number = ?1", number));
        if (numbered.isPresent()) {
            return numbered;
        }
        var named = OauthClient.<OauthClient>find("clientOauthId", name.text())
                .range(0, 1)
                .list();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    private static Optional<OauthClient> one(String query, Object... parameters) {
        return OauthClient.<OauthClient>find(query, parameters).firstResultOptional();
    }

    static Optional<OauthClient> ofBranch(UUID tenantId, String branchId) {
        // PostgreSQL has no text with a NUL.
        return branchId.indexOf('\0') < 0
                ? one("tenantId = ?1 and branchId = ?2", tenantId, branchId)
                : Optional.empty();
    }

    void lock() {
        getEntityManager().refresh(this, LockModeType.PESSIMISTIC_WRITE);
    }

    static String[] distinct(List<String> scopes) {
        return scopes.stream().distinct().toArray(String[]::new);
    }

    /** What the audit log has of it. */
    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("client_oauth_id", clientOauthId);
        facts.put("provider", provider);
        authentication().ifPresent(way -> facts.put("client_authentication", way.word()));
        facts.put("redirect_uri", redirectUri);
        facts.put("workspace_email", workspaceEmail);
        facts.put("workspace_name", workspaceName);
        facts.put("scopes", List.of(scopes));
        facts.put("is_active", isActive);
        return facts;
    }
}
