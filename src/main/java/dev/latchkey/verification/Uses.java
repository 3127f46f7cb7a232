package dev.latchkey.verification;

import dev.latchkey.chunk.Use;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.credential.UseListener;
import dev.latchkey.usage.Endpoints;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a question says of the use of a credential. */
@Singleton
class Uses {

    private final Endpoints endpoints;
    private final ScopeCatalogue catalogue;
    private final List<UseListener> listeners;

    Uses(Endpoints endpoints, ScopeCatalogue catalogue, @All List<UseListener> listeners) {
        this.endpoints = endpoints;
        this.catalogue = catalogue;
        this.listeners = listeners;
    }

    /** Tells those who listen, at once. */
    void tell(Question question, Credential credential, int status) {
        if (credential.label().isEmpty()) {
            return;
        }
        var took = Duration.ofNanos(System.nanoTime() - question.facts().startedNanos());
        var use = new UseListener.Use(
                endpoint(question, credential), question.method(), status, took, question.address(), question.facts());
        UseListener.tell(listeners, credential, use);
    }

    /** What is metered. */
    Use of(Question question, Credential credential, Instant now, int status) {
        return new Use(
                ChronoUnit.MICROS.between(Instant.EPOCH, now),
                credential.tenantId(),
                credential.id(),
                credential.kind().word(),
                credential.userId(),
                question.method(),
                endpoint(question, credential),
                status,
                (System.nanoTime() - question.facts().startedNanos()) / 1000,
                used(question, credential),
                question.tags(),
                credential.credits().map(CreditLimit::account),
                credential.credits().isPresent() && status == Use.UNDECIDED ? question.cost() : 0,
                credential.allowance().policies(),
                credential.allowance().shadowPolicies());
    }

    private String endpoint(Question question, Credential credential) {
        var endpoint = question.endpoint();
        return Question.OWN_ENDPOINTS.contains(endpoint) ? endpoint : endpoints.bounded(credential.id(), endpoint);
    }

    // Asked for is whatever the asker wrote; used is what exists here, and the credential has.
    private List<String> used(Question question, Credential credential) {
        var words = question.needs().words();
        // Nearly always it is all of them: then there is nothing to copy.
        for (var word : words) {
            if (!isUsed(word, credential)) {
                return words.stream().filter(one -> isUsed(one, credential)).toList();
            }
        }
        return words;
    }

    private boolean isUsed(String word, Credential credential) {
        return catalogue.has(word) && credential.scopes().covers(word);
    }
}
