package dev.latchkey.oauthlogin;

import dev.latchkey.grant.GrantChanges;
import dev.latchkey.grant.GrantKind;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.ProviderProblem;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes a connection of what a provider answered, by whichever way it was asked. */
@Singleton
class Connecting {

    /**
     * What a program is answered.
     *
     * @param expiresAt null for a token that does not expire, or whose end was not told
     */
    // Travels in a Response, where a native image does not see that it becomes JSON.
    @RegisterForReflection
    record Connected(
            boolean success,
            String message,
            long clientId,
            String branchId,
            String accessToken,
            @Nullable Instant expiresAt) {

        @Override
        public String toString() {
            return "Connected";
        }
    }

    private final GrantChanges changes;
    private final Clock clock;

    Connecting(GrantChanges changes, Clock clock) {
        this.changes = changes;
        this.clock = clock;
    }

    /** @throws Problem {@code exchange_failed}, if there is no token in the answer */
    Connected connect(OauthClient client, Provider provider, GrantKind kind, TokenReply reply) {
        return switch (reply) {
            case Granted granted -> {
                var tokens = granted.tokens();
                var now = clock.instant();
                changes.connected(client, kind, tokens, provider, now);
                yield new Connected(
                        true,
                        "The account is connected",
                        client.number,
                        client.branchId,
                        tokens.accessToken().reveal(),
                        tokens.life()
                                .or(provider::lifeWhenUnsaid)
                                .map(now::plus)
                                .orElse(null));
            }
            case Refused refused ->
                throw failed(
                        refused.isOfClient()
                                ? "The provider does not accept the client's id or secret"
                                : "The provider refused to give a token",
                        refused.error());
            case Failed failed -> throw failed("The provider gave no answer that could be used", failed.why());
        };
    }

    private static Problem failed(String detail, String reason) {
        return new Problem(ProviderProblem.EXCHANGE_FAILED, detail).with("reason", reason);
    }
}
