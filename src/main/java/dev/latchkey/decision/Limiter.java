package dev.latchkey.decision;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitConfig;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.Keyspace;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.LoopRedis;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.platform.redis.RedisAwayException;
import dev.latchkey.platform.redis.RedisScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Decides limits: in Redis, and by the configured policy when Redis is away. */
@Singleton
public class Limiter {

    private static final Logger LOG = Logger.getLogger(Limiter.class);
    private static final long MOST_LOCAL_SUBJECTS = 50_000;
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(1);
    private static final String NO_STREAM = "no-notes";

    private final LimitConfig config;
    private final Keyspaces keyspaces;
    private final RedisAvailability availability;
    private final DecisionScript script;
    private final LocalDecisions local;
    private final LimitMetrics metrics;
    private final Optional<NoteWriter> notes;
    private final Optional<Accounts> accounts;
    private final List<Openings> openings;
    private final LateNotes lateNotes;
    private final List<SharedTrips> trips;

    Limiter(
            LimitConfig config,
            RedisAvailability availability,
            Redis redis,
            LoopRedis loops,
            Keyspaces keyspaces,
            MeterRegistry metrics,
            @All List<NoteWriter> notes,
            @All List<Accounts> accounts) {
        var started = System.nanoTime();
        this.config = config;
        this.keyspaces = keyspaces;
        this.availability = availability;
        this.script = new DecisionScript(redis, loops::here, RedisScript.of(DecisionScript.source()));
        this.local = new LocalDecisions(MOST_LOCAL_SUBJECTS, () -> (System.nanoTime() - started) / 1000);
        this.metrics = new LimitMetrics(metrics);
        this.notes = notes.stream().findFirst();
        this.accounts = accounts.stream().findFirst();
        this.lateNotes = new LateNotes(config.timeout());
        this.openings = keyspaces.all().stream()
                .map(keys -> new Openings(account -> open(keys, account), config.timeout()))
                .toList();
        this.trips = keyspaces.all().stream()
                .map(keys -> new SharedTrips((group, back) -> travel(keys, Trip.of(group, this.notes), back)))
                .toList();
    }

    /**
     * Decides, and counts the cost in every policy if all admit it. Never fails and never blocks; Redis is waited for no longer than
     * {@code latchkey.limits.timeout}, and so is PostgreSQL, where a balance must be loaded or a note goes without Redis. A note that takes
     * longer is recorded behind the answer.
     * Without policies it admits at once, and nothing is counted.
     */
    public Uni<LimitDecision> decide(LimitRequest request) {
        return request.isUnlimited()
                ? Uni.createFrom().item(LimitDecision.UNLIMITED)
                : decide(request, Optional.empty());
    }

    /** The same, and records the note with the outcome before it answers. */
    public Uni<LimitDecision> decide(LimitRequest request, Note note) {
        return decide(request, Optional.of(note));
    }

    /** The same for whoever cannot afford a stage; the decision comes on the caller's context. */
    public void decide(LimitRequest request, Note note, Consumer<LimitDecision> then) {
        decide(request, Optional.of(note), then);
    }

    /**
     * Takes units that will be used within {@link LimitRequest#usableFor}, of windows alone. Refused as well where Redis does not decide: elsewhere nothing is
     * taken in advance.
     */
    public void reserve(LimitRequest request, Consumer<LimitDecision> then) {
        board(request, Optional.empty(), then);
    }

    /** Counts a decision that was taken from what was reserved. */
    public void count(LimitDecision decision, LimitRequest request) {
        metrics.count(decision, request.kind());
    }

    /**
     * Gives back the slot of {@link LimitDecision#slot} before its lease ends; one that is not held any more is as good as given back. Fails
     * with {@link RedisAwayException} where Redis does not take it: the lease then ends by itself.
     *
     * @param budgets those that were decided
     */
    public Uni<Void> release(List<Budget> budgets, String slot) {
        var held = budgets.stream().filter(budget -> budget.slots().isPresent()).toList();
        if (held.isEmpty() || local.release(held, slot)) {
            return Uni.createFrom().voidItem();
        }
        var keys = keyspaces.of(budgets.getFirst().subject());
        // At most one budget of a request has slots.
        return availability.call(config.timeout(), () -> script.release(keys, held.getFirst(), slot));
    }

    private Uni<LimitDecision> decide(LimitRequest request, Optional<Note> note) {
        return Uni.createFrom().emitter(emitter -> decide(request, note, emitter::complete));
    }

    private void decide(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> then) {
        var started = System.nanoTime();
        board(request, note, decision -> {
            metrics.record(decision, request.kind(), System.nanoTime() - started);
            then.accept(decision);
        });
    }

    private void board(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> then) {
        var keys = keyspaces.of(request.budgets().getFirst().subject());
        var caller = ContextInternal.current();
        var passenger = new Passenger(request, note, decision -> Returns.to(caller, () -> then.accept(decision)));
        trips.get(keys.partition()).board(passenger);
    }

    private void travel(Keyspace keys, Trip trip, Runnable back) {
        var streamEnd = notes.map(NoteWriter::streamEnd).orElse(NO_STREAM);
        availability
                .ask(
                        config.timeout(),
                        () -> script.decide(
                                keys, streamEnd, trip.questions(), trip.entry().map(NoteWriter.Entry::text)))
                .whenComplete((decisions, failure) -> {
                    if (failure == null) {
                        try {
                            trip.entry().ifPresent(entry -> entry.appended(trip.noted(decisions)));
                            trip.arrivePartly(decisions, passenger -> openAccount(keys, passenger));
                        } finally {
                            back.run();
                        }
                    } else {
                        withoutRedis(trip, failure.getCause() == null ? failure : failure.getCause(), back);
                    }
                });
    }

    private void openAccount(Keyspace keys, Passenger passenger) {
        // Once is enough, unless Redis loses it as soon as it has it.
        if (passenger.again()) {
            passenger.answer(LimitDecision.NOBODY_DECIDES);
            return;
        }
        openings.get(keys.partition())
                .await(passenger.request().account().orElseThrow().id(), passenger, (one, opened) -> {
                    if (opened) {
                        trips.get(keys.partition()).board(one.onceMore());
                    } else {
                        one.answer(LimitDecision.NOBODY_DECIDES);
                    }
                });
    }

    private Uni<Boolean> open(Keyspace keys, UUID account) {
        return Uni.createFrom()
                .item(() -> accounts.orElseThrow().open(account))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .chain(opening ->
                        availability.call(() -> script.open(keys, account, opening.balance(), opening.period())))
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("A balance could not be loaded: %s", failure);
                    return false;
                });
    }

    // The first call pays for a connection, the script and its classes: better the start than a request, which would
    // take the delay for an absent Redis.
    void warmUp(@Observes StartupEvent event) {
        decide(new LimitRequest("start:warm_up", List.of(Window.minute(1)), 0))
                .ifNoItem()
                .after(LONGEST_WARM_UP)
                .recoverWithItem(() -> new LimitDecision(true, List.of(), DecidedBy.OPEN))
                .await()
                .indefinitely();
    }

    private void withoutRedis(Trip trip, Throwable failure, Runnable back) {
        if (!(failure instanceof RedisAwayException)) {
            LOG.error("Redis refused the limit script", failure);
        }
        var decisions = trip.passengers().stream().map(this::withoutRedis).toList();
        trip.entry()
                .map(entry -> lateNotes.await(entry.recordElsewhere(trip.statuses(decisions))))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .subscribe()
                .with(nothing -> {
                    try {
                        trip.arrive(decisions);
                    } finally {
                        back.run();
                    }
                });
    }

    // Never fails: the lane would end here, with all who wait in it.
    private LimitDecision withoutRedis(Passenger passenger) {
        try {
            return withoutRedis(passenger.request());
        } catch (RuntimeException failure) {
            LOG.error("A decision could not be taken here", failure);
            return LimitDecision.NOBODY_DECIDES;
        }
    }

    private LimitDecision withoutRedis(LimitRequest request) {
        // Credits are somebody's money: what cannot be counted is not given away.
        if (request.account().isPresent() || request.usableFor().isPositive()) {
            return LimitDecision.NOBODY_DECIDES;
        }
        return switch (config.whenRedisIsAway()) {
            case LOCAL -> local.decide(request);
            case OPEN -> new LimitDecision(true, List.of(), DecidedBy.OPEN);
            case CLOSED -> LimitDecision.NOBODY_DECIDES;
        };
    }
}
