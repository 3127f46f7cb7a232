package dev.latchkey.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts that are no credentials, most of them nearly so, and the ways in which they come. */
final class Garbage {

    enum Way {
        VERIFY,
        VERIFY_BATCH,
        FORWARD_AUTH,
        OWN_CALL
    }

    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int THREADS = 8;
    private static final int BATCH = 100;

    private final Asker asker;
    private final Token genuine;

    /** @param genuine from which some of the garbage differs by a character */
    Garbage(Asker asker, Token genuine) {
        this.asker = asker;
        this.genuine = genuine;
    }

    /** Sends so many texts; each must be called what it is. Nothing else is asked. */
    void send(String base, Way way, int texts) throws InterruptedException, ExecutionException {
        send(texts, () -> send(base, way));
    }

    /** Texts that may be told from access tokens by their signature only. */
    void sendForgedJwts(String base, int texts) throws InterruptedException, ExecutionException {
        send(texts, () -> {
            judge(status(base + "/api/v1/tokens/me", forgedJwt()));
            return 1;
        });
    }

    private static void send(int texts, Callable<Integer> some) throws InterruptedException, ExecutionException {
        var calls = new ArrayList<Callable<Void>>();
        for (var i = 0; i < THREADS; i++) {
            calls.add(() -> {
                for (var sent = 0; sent < texts / THREADS; ) {
                    sent += some.call();
                }
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            for (var done : threads.invokeAll(calls)) {
                done.get();
            }
        }
    }

    private int send(String base, Way way) throws IOException, InterruptedException {
        var codes =
                switch (way) {
                    case VERIFY ->
                        List.of(asker.verify(base, text(), 1).path("code").asText());
                    case VERIFY_BATCH ->
                        asker.verify(
                                        base,
                                        Stream.generate(this::text).limit(BATCH).toList())
                                .findValuesAsText("code");
                    case FORWARD_AUTH -> List.of(code(base + "/api/v1/forward-auth"));
                    case OWN_CALL -> List.of(code(base + "/api/v1/tokens/me"));
                };
        codes.forEach(Garbage::judge);
        return codes.size();
    }

    private static void judge(String code) {
        if (!code.equals("MALFORMED") && !code.equals("401")) {
            throw new IllegalStateException("Garbage was answered with " + code);
        }
    }

    /** What a header cannot carry as it is goes there as what it can. */
    private String code(String url) throws IOException, InterruptedException {
        var text = text().replaceAll("[^!-~]", "~");
        // What looks like a JWT there is no garbage: its signature is looked at.
        return status(url, text.startsWith("eyJ") ? text.replace('.', '_') : text);
    }

    private String status(String url, String bearer) throws IOException, InterruptedException {
        return Integer.toString(asker.get(url, bearer).statusCode());
    }

    private String text() {
        var random = ThreadLocalRandom.current();
        var place = random.nextInt("lk_live_".length(), genuine.text().length());
        var text = new StringBuilder(genuine.text());
        return switch (random.nextInt(9)) {
            case 0 -> "lk_live_" + base62(36);
            case 1 -> "lk_test_" + base62(36);
            case 2 -> {
                text.setCharAt(place, text.charAt(place) == 'x' ? 'y' : 'x');
                yield text.toString();
            }
            case 3 -> text.deleteCharAt(place).toString();
            case 4 -> text.insert(place, 'x').toString();
            case 5 -> "sk_live_" + base62(36);
            case 6 -> UUID.randomUUID().toString();
            case 7 -> forgedJwt();
            default ->
                random.ints(random.nextInt(1, 200), ' ', 0x3000)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining("", "?", "?"));
        };
    }

    private static String forgedJwt() {
        return Stream.of("{\"alg\":\"ES256\"}", "{}", base62(64))
                .map(part -> Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(UTF_8)))
                .collect(Collectors.joining("."));
    }

    private static String base62(int length) {
        return IntStream.range(0, length)
                .map(place -> BASE62.charAt(ThreadLocalRandom.current().nextInt(BASE62.length())))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
