package dev.latchkey.limit;

import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.platform.redis.RedisScript;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;

/** Windows counted in Redis, by {@code lua/limit.lua}. */
final class RedisWindows {

    private final Redis redis;
    private final RedisScript script;

    RedisWindows(Redis redis, RedisScript script) {
        this.redis = redis;
        this.script = script;
    }

    Uni<LimitDecision> decide(LimitRequest request) {
        var hash = "latchkey:limit:{" + request.subject() + "}";
        var keys = new ArrayList<String>();
        keys.add(hash);
        var arguments = new ArrayList<String>();
        arguments.add(Long.toString(request.cost()));
        for (var window : request.windows()) {
            keys.add(hash + ':' + window.id());
            arguments.add(window.id());
            arguments.add(Long.toString(window.limit()));
            arguments.add(Long.toString(window.lengthMicros()));
        }
        return script.run(redis, keys, arguments).map(answer -> decision(request, answer));
    }

    private static LimitDecision decision(LimitRequest request, Response answer) {
        var numbers = answer.toBuffer();
        var states = new ArrayList<WindowState>();
        for (var window : request.windows()) {
            var at = states.size() * 3 * Double.BYTES;
            states.add(window.state((long) numbers.getDouble(at), (long) numbers.getDouble(at + Double.BYTES), (long)
                    numbers.getDouble(at + 2 * Double.BYTES)));
        }
        return LimitDecision.of(states, DecidedBy.REDIS);
    }
}
