package dev.latchkey.governor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.platform.redis.RedisScript;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What was counted of calls, until it is kept elsewhere. Blocking; fails with {@link dev.latchkey.platform.redis.RedisAwayException} where Redis gives no answer. */
@Singleton
public class Tallies {

    private final RedisAvailability availability;
    private final Redis redis;
    private final Keyspaces spaces;
    private final RedisScript take = RedisScript.fromResources("governor-take.lua");
    private final RedisScript kept = RedisScript.fromResources("governor-kept.lua");

    Tallies(RedisAvailability availability, Redis redis, Keyspaces spaces) {
        this.availability = availability;
        this.redis = redis;
        this.spaces = spaces;
    }

    /** The bots of which something was counted. */
    public List<Counted> bots() {
        var bots = new ArrayList<Counted>();
        for (var space : spaces.all()) {
            for (var bot : command(Command.SMEMBERS, BotKeys.counted(space))) {
                bots.add(Counted.parse(bot.toString()));
            }
        }
        return bots;
    }

    /** Takes what was counted since the last time. What was taken before, and not said to be kept, is given again, alike and under the same name. */
    public Optional<Tally> take(Counted bot) {
        var keys = BotKeys.of(spaces, bot);
        var taken = run(
                take,
                List.of(keys.counts(), keys.countsOnTheirWay(), keys.counted()),
                Uuid7.next().toString(),
                bot.text());
        return taken.size() == 0 ? Optional.empty() : Optional.of(Tally.of(taken));
    }

    /** It is kept elsewhere now. */
    public void kept(Counted bot, Tally tally) {
        run(
                kept,
                List.of(BotKeys.of(spaces, bot).countsOnTheirWay()),
                tally.name().toString());
    }

    /** The last calls of the bot, newest first, at most 50 of the last seven days. */
    public List<RecentCall> recent(Counted bot) {
        var calls = new ArrayList<RecentCall>();
        for (var line : command(Command.LRANGE, BotKeys.of(spaces, bot).recent(), "0", "-1")) {
            calls.add(RecentCall.of(line.toString()));
        }
        return calls;
    }

    private io.vertx.mutiny.redis.client.Response command(Command command, String... arguments) {
        var request = Request.cmd(command);
        for (var argument : arguments) {
            request.arg(argument);
        }
        return Objects.requireNonNull(
                availability.call(() -> redis.send(request)).await().indefinitely());
    }

    private Response run(RedisScript script, List<String> keys, String... arguments) {
        var bytes =
                List.of(arguments).stream().map(text -> text.getBytes(UTF_8)).toList();
        return Uni.createFrom()
                .completionStage(() -> availability.ask(() -> script.run(redis.getDelegate(), keys, bytes)))
                .await()
                .indefinitely();
    }
}
