package dev.latchkey.platform.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Lua script, sent by its digest, and in full to a Redis that has not seen it, or was restarted since. */
public final class RedisScript {

    private final String source;
    private final String digest;

    private RedisScript(String source) {
        this.source = source;
        this.digest = sha1(source);
    }

    /** @param names of files in the resource folder {@code lua}, which make one script in this order */
    public static RedisScript fromResources(String... names) {
        return of(resources(names));
    }

    /** The files' texts, one after the other. */
    public static String resources(String... names) {
        return Arrays.stream(names).map(name -> read("/lua/" + name)).collect(Collectors.joining("\n"));
    }

    public static RedisScript of(String source) {
        return new RedisScript(source);
    }

    /** Runs the script: one round trip, or two the first time. The keys must share one hash tag. */
    public Future<@Nullable Response> run(Redis redis, List<String> keys, List<byte[]> arguments) {
        return redis.send(request(Command.EVALSHA, digest, keys, arguments)).recover(failure -> {
            if (isUnknownScript(failure)) {
                return redis.send(request(Command.EVAL, source, keys, arguments));
            }
            return Future.failedFuture(failure);
        });
    }

    private static Request request(Command command, String script, List<String> keys, List<byte[]> arguments) {
        var request = Request.cmd(command).arg(script).arg(keys.size());
        for (var key : keys) {
            request.arg(key);
        }
        for (var argument : arguments) {
            request.arg(argument);
        }
        return request;
    }

    private static boolean isUnknownScript(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
    }

    private static String read(String path) {
        try (var resource = RedisScript.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + path + " is not in this build");
            }
            return new String(resource.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Redis names scripts by SHA-1; nothing rests on its strength.
    private static String sha1(String source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }
}
