package dev.latchkey.client;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Asks a Latchkey service whether credentials may be used. Safe for any number of threads; make one, and close it at the end.
 *
 * <pre>{@code
 * try (var latchkey = LatchkeyClient.builder("https://latchkey.example.org", ownToken).build()) {
 *     var answer = latchkey.verify(VerifyRequest.of(token).withScopes("read:reports"));
 *     if (answer.valid()) { ... }
 * }
 * }</pre>
 *
 * <p>With a cache (the default), answers are kept for some seconds, as long as the service's feed of changes is heard; after a change of the
 * credential no older answer is used, give or take a second. Uses of a kept answer are added to the cost of the next real question of
 * the same kind, so that limits and usage come out nearly exact: uses that no question follows are not counted, and an answer is not
 * kept when less than a tenth of a limit is left, when the credential has credits, or when it holds a slot.
 */
public final class LatchkeyClient implements AutoCloseable {

    /** How many questions {@link #verifyBatch} takes. */
    public static final int BATCH_MAX = 100;

    private static final String VERIFY = "/api/v1/verify";
    private static final String RELEASE = "/api/v1/verify/release";
    private static final String VERIFY_BATCH = "/api/v1/verify/batch";

    private final Service service;
    private final LatchkeyClientBuilder settings;
    private final Answers answers;
    private final ChangeFollower changes;

    LatchkeyClient(Service service, LatchkeyClientBuilder settings) {
        this.service = service;
        this.settings = settings;
        this.answers = new Answers(settings.cacheMaxAge, settings.cacheEntriesMax, System::nanoTime, Clock.systemUTC());
        this.changes =
                settings.cache ? new ChangeFollower(service, answers, settings.silenceMax, settings.pollTimeout) : null;
    }

    /**
     * Begins a client.
     *
     * @param baseUrl such as {@code https://latchkey.example.org}
     * @param token the client's own, with the scope {@code verify:tokens}
     * @return the settings, to be changed and built
     * @throws IllegalArgumentException if the address is no http(s) URL
     */
    public static LatchkeyClientBuilder builder(String baseUrl, String token) {
        return new LatchkeyClientBuilder(baseUrl, token);
    }

    /**
     * Asks, and waits for the answer.
     *
     * <p>An answer with a {@link Verification#lease} holds a slot: {@link #release} it when the call is over.
     *
     * @param request the question
     * @return the answer; that a credential is refused is one, too
     * @throws LatchkeyUnavailableException if the service cannot answer now, and the policy is {@link FailurePolicy#CLOSED}
     * @throws LatchkeyRefusedException if the client's own token, or the request, was refused
     * @throws LatchkeyException if the answer is not understood, or the thread was interrupted
     */
    public Verification verify(VerifyRequest request) {
        return await(verifyAsync(request));
    }

    /**
     * Asks without waiting.
     *
     * @param request the question
     * @return the answer, or the exception of {@link #verify} as the cause
     */
    public CompletableFuture<Verification> verifyAsync(VerifyRequest request) {
        Objects.requireNonNull(request, "request");
        var asked = Asked.of(request, changes == null ? null : answers, isCacheLive());
        if (asked.known() != null) {
            return CompletableFuture.completedFuture(asked.known());
        }
        return service.post(VERIFY, Wire.question(request, asked.cost()), settings.timeout)
                .thenApply(Wire::verification)
                .handle((answer, failure) -> settled(List.of(asked), failure == null ? List.of(answer) : null, failure))
                .thenApply(all -> all.get(0));
    }

    /**
     * Asks many questions in one call, and waits for the answers. One that the service cannot decide now, where it can others, is answered
     * {@link Verification.Code#UNAVAILABLE}, or as {@link FailurePolicy#OPEN} says.
     *
     * @param requests 1 to {@link #BATCH_MAX}
     * @return the answers, in the order of the questions
     * @throws IllegalArgumentException if there are none, or too many
     * @throws LatchkeyException as {@link #verify}
     */
    public List<Verification> verifyBatch(List<VerifyRequest> requests) {
        return await(verifyBatchAsync(requests));
    }

    /**
     * Asks many questions in one call, without waiting.
     *
     * @param requests 1 to {@link #BATCH_MAX}
     * @return the answers, in the order of the questions, or the exception of {@link #verifyBatch} as the cause
     * @throws IllegalArgumentException if there are none, or too many
     */
    public CompletableFuture<List<Verification>> verifyBatchAsync(List<VerifyRequest> requests) {
        if (requests.isEmpty() || requests.size() > BATCH_MAX) {
            throw new IllegalArgumentException("A batch has 1 to " + BATCH_MAX + " questions");
        }
        var live = isCacheLive();
        var asked = requests.stream()
                .map(request -> Asked.of(request, changes == null ? null : answers, live))
                .toList();
        var open = asked.stream().filter(one -> one.known() == null).toList();
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(merged(asked, List.of()));
        }
        var items = open.stream()
                .map(one -> Wire.question(one.request(), one.cost()))
                .toList();
        return service.post(VERIFY_BATCH, Map.of("items", items), settings.timeout)
                .thenApply(answer -> Wire.verifications(answer, open.size()))
                .handle((all, failure) -> settled(open, all, failure))
                .thenApply(all -> merged(asked, all));
    }

    /**
     * Gives a slot back, since its call is over, and waits until that is done. One that is not given back is free when its lease ends.
     * Doing it again does no harm: whether the slot was still held, and whose it was, is not told.
     *
     * <p>The failure policy has no part in this. In a {@code finally}, {@link #releaseAsync} hides no exception of the call.
     *
     * @param token the text whose verification took the slot, or one that it was rotated to
     * @param lease {@link Verification.Lease#id}, or what a gateway passed on as {@code X-Latchkey-Lease}
     * @throws LatchkeyUnavailableException if the service cannot take it now: try again, or let the lease end
     * @throws LatchkeyRefusedException if the client's own token was refused, or this is no lease
     * @throws LatchkeyException if the answer is not understood, or the thread was interrupted
     */
    public void release(String token, String lease) {
        await(releaseAsync(token, lease));
    }

    /**
     * Gives a slot back without waiting.
     *
     * @param token the text whose verification took the slot, or one that it was rotated to
     * @param lease {@link Verification.Lease#id}, or what a gateway passed on as {@code X-Latchkey-Lease}
     * @return ends when it is done, or with the exception of {@link #release} as the cause
     */
    public CompletableFuture<Void> releaseAsync(String token, String lease) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(lease, "lease");
        return service.tell(RELEASE, Map.of("token", token, "lease", lease), settings.timeout);
    }

    /**
     * Whether answers that are kept are used now.
     *
     * @return false also without a cache, and in the first moments
     */
    public boolean isCacheLive() {
        return changes != null && changes.isLive();
    }

    /** Ends the following of changes. What is asked already is answered. */
    @Override
    public void close() {
        if (changes != null) {
            changes.close();
        }
    }

    private List<Verification> settled(List<Asked> asked, List<Verification> answered, Throwable failure) {
        if (failure == null) {
            for (var i = 0; i < asked.size(); i++) {
                asked.get(i).answered(answered.get(i), this::isCacheLive);
            }
            return answered.stream().map(this::byPolicy).toList();
        }
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        asked.forEach(one -> one.failed(cause));
        if (settings.failurePolicy == FailurePolicy.OPEN && cause instanceof LatchkeyUnavailableException) {
            return asked.stream().map(one -> Verification.unverified()).toList();
        }
        throw cause instanceof RuntimeException told
                ? told
                : new LatchkeyException("The service could not be asked", cause);
    }

    private Verification byPolicy(Verification answer) {
        return settings.failurePolicy == FailurePolicy.OPEN && answer.code() == Verification.Code.UNAVAILABLE
                ? Verification.unverified()
                : answer;
    }

    private static List<Verification> merged(List<Asked> asked, List<Verification> answered) {
        var rest = answered.iterator();
        var all = new ArrayList<Verification>();
        asked.forEach(one -> all.add(one.known() == null ? rest.next() : one.known()));
        return List.copyOf(all);
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LatchkeyException("Interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LatchkeyException told) {
                // Of the thread that waits: its stack is the one that helps.
                told.setStackTrace(Thread.currentThread().getStackTrace());
                throw told;
            }
            throw new LatchkeyException("The service could not be asked", e.getCause());
        }
    }
}
