package dev.latchkey.token;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.http.Idempotency;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.metadata.Metadata;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, changes and revokes tokens. Everything is looked for within the caller's tenant. */
@ApplicationScoped
class TokenService {

    private final TokenText texts;
    private final TokenRules rules;
    private final TokenConfig config;
    private final TokenCredits credits;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final Event<CredentialChanged> changes;
    private final Clock clock;

    TokenService(
            TokenText texts,
            TokenRules rules,
            TokenConfig config,
            TokenCredits credits,
            Idempotency idempotency,
            AuditLog audit,
            Event<CredentialChanged> changes,
            Clock clock) {
        this.texts = texts;
        this.rules = rules;
        this.config = config;
        this.credits = credits;
        this.idempotency = idempotency;
        this.audit = audit;
        this.changes = changes;
        this.clock = clock;
    }

    @Transactional
    TokenView create(Caller caller, CreateToken request, @Nullable String idempotencyKey) {
        return idempotency.once(
                idempotencyKey, caller, "token.create", request, TokenView.class, () -> make(caller, request));
    }

    @Transactional
    ApiToken change(Caller caller, UUID id, UpdateToken request) {
        var token = ApiToken.findToChange(caller.tenantId(), id).orElseThrow(Problem::notFound);
        var before = facts(token);
        token.name = request.name() == null ? token.name : request.name();
        token.enabled = request.enabled() == null ? token.enabled : request.enabled();
        if (request.scopes() != null) {
            token.scopes = rules.scopes(caller, request.scopes()).words().toArray(String[]::new);
        }
        if (request.rateLimits() != null) {
            request.rateLimits().applyTo(token);
        }
        if (request.shadowRateLimits() != null) {
            request.shadowRateLimits().applyTo(token);
        }
        if (request.allowedCidrs() != null) {
            token.allowedCidrs = rules.cidrs(request.allowedCidrs());
        }
        if (request.metadata() != null) {
            token.metadata = Metadata.checked(request.metadata());
        }
        token.updatedAt = clock.instant();
        // What the tenant keeps in it is theirs alone: that it was replaced is all that goes on record.
        changed(
                token,
                about(token, "token.updated")
                        .changed(before, facts(token))
                        .with("metadata_replaced", request.metadata() != null));
        return token;
    }

    /**
     * Revokes, and with it the texts that it replaced and whose grace has not ended: to its owner all of them are one credential. A second
     * time changes nothing.
     */
    @Transactional
    void revoke(UUID tenantId, UUID id) {
        var token = ApiToken.findToChange(tenantId, id).orElseThrow(Problem::notFound);
        var now = clock.instant();
        if (revoke(token, now)) {
            token.forerunnersInUse(now).forEach(forerunner -> ApiToken.findToChange(tenantId, forerunner)
                    .ifPresent(found -> revoke(found, now)));
        }
    }

    private boolean revoke(ApiToken token, Instant now) {
        if (TokenStatus.of(token, now) == TokenStatus.REVOKED) {
            return false;
        }
        var before = facts(token);
        token.revokedAt = now;
        token.updatedAt = now;
        changed(token, about(token, "token.revoked").changed(before, facts(token)));
        return true;
    }

    private TokenView make(Caller caller, CreateToken request) {
        var now = clock.instant();
        rules.team(request.teamId());
        var token = new ApiToken();
        token.id = Uuid7.next();
        token.tenantId = caller.tenantId();
        token.familyId = token.id;
        token.name = request.name();
        token.environment = (request.environment() == null ? Environment.LIVE : request.environment()).word();
        token.scopes = rules.scopes(caller, request.scopes()).words().toArray(String[]::new);
        token.perMinute = config.perMinute();
        token.perHour = config.perHour();
        token.perDay = config.perDay();
        if (request.rateLimits() != null) {
            request.rateLimits().applyTo(token);
        }
        if (request.shadowRateLimits() != null) {
            request.shadowRateLimits().applyTo(token);
        }
        token.allowedCidrs = rules.cidrs(request.allowedCidrs() == null ? List.of() : request.allowedCidrs());
        token.metadata = Metadata.checked(request.metadata());
        token.enabled = true;
        token.expiresAt = rules.expiry(request, now);
        token.createdAt = now;
        token.updatedAt = now;
        token.createdBy = caller.userId().orElseThrow();
        var text = store(token);
        if (request.credits() != null) {
            credits.open(token, request.credits());
        }
        var left = credits.of(token);
        var facts = facts(token);
        facts.put("credits", left);
        audit.record(about(token, "token.created").with("after", facts));
        return TokenView.of(token, null, left, now).withText(text.reveal());
    }

    /** Gives the token its text, and stores it. */
    Secret store(ApiToken token) {
        var text = texts.make(Environment.of(token.environment));
        token.digest = Digests.sha256(text.reveal());
        token.prefix = text.reveal().substring(0, TokenText.SHOWN);
        token.persist();
        return text;
    }

    /** Records a change, and has every replica forget the old state after the commit. */
    void changed(ApiToken token, AuditEntry entry) {
        audit.record(entry);
        changes.fire(CredentialChanged.of(token.tenantId, token.digest));
    }

    static AuditEntry about(ApiToken token, String action) {
        return AuditEntry.of(token.tenantId, action, "token", token.id)
                .with("name", token.name)
                .with("token_prefix", token.prefix);
    }

    /** What goes on record before and after a change. */
    static Map<String, @Nullable Object> facts(ApiToken token) {
        var facts = new LinkedHashMap<String, @Nullable Object>();
        facts.put("name", token.name);
        facts.put("environment", token.environment);
        facts.put("scopes", List.of(token.scopes));
        facts.put("rate_limits", RateLimits.of(token));
        facts.put("shadow_rate_limits", ShadowRateLimits.of(token));
        facts.put("allowed_cidrs", List.of(token.allowedCidrs));
        facts.put("enabled", token.enabled);
        facts.put("expires_at", token.expiresAt);
        facts.put("revoked_at", token.revokedAt);
        return facts;
    }
}
