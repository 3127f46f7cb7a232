package dev.latchkey.decision;

import dev.latchkey.limit.LimitConfig;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Policy;
import dev.latchkey.platform.redis.RedisPeer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;

/** Settings of a limiter that a test builds by hand; a new limiter is as another replica. */
record TestLimits(WhenRedisIsAway whenRedisIsAway, Duration timeout) implements LimitConfig {

    private static final Duration AWAIT = Duration.ofSeconds(30);

    /** Patient, so that a slow machine is not taken for an absent Redis. */
    static Limiter limiter(RedisPeer peer) {
        return limiter(peer, new TestLimits(WhenRedisIsAway.CLOSED, Duration.ofSeconds(20)), new SimpleMeterRegistry());
    }

    static Limiter limiter(RedisPeer peer, LimitConfig config, MeterRegistry metrics) {
        return limiter(peer, config, metrics, List.of(), List.of());
    }

    static Limiter limiter(
            RedisPeer peer,
            LimitConfig config,
            MeterRegistry metrics,
            List<NoteWriter> notes,
            List<Accounts> accounts) {
        var redis = peer.client();
        return new Limiter(
                config,
                peer.availability(redis, metrics),
                redis,
                peer.loops(redis),
                RedisPeer.keyspaces(),
                metrics,
                notes,
                accounts);
    }

    static LimitDecision decide(Limiter limiter, String subject, long cost, Policy... windows) {
        return limiter.decide(new LimitRequest(subject, List.of(windows), cost))
                .await()
                .atMost(AWAIT);
    }

    @Override
    public Anonymous anonymous() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long passwordsPerMinute() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long signaturesPerMinute() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session session() {
        throw new UnsupportedOperationException();
    }
}
