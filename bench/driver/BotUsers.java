import com.macasaet.fernet.Key;
import com.macasaet.fernet.Token;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.RandomText;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Users, each with a verified bot, and a token that may call it: bots come by the import, which asks Telegram nothing. */
final class BotUsers {

    /**
     * @param bot its number at Telegram
     * @param token of its owner's
     */
    record Owner(long bot, String token) {}

    /** The first ones' bots have the widest limits that there are, in a second and at once; all others those of a bot of which nothing was said. */
    static final int WIDE = 50;

    static final int WIDE_PER_SECOND = 100;
    static final int PER_SECOND = 30;
    private static final int WIDE_AT_ONCE = 50;
    private static final int AT_ONCE = 10;

    private static final String NEW_TOKEN = """
            {"name":"bench","scopes":["call:bots"],
             "rate_limits":{"per_minute":100000000,"per_hour":1000000000,"per_day":1000000000}}""";
    private static final long FIRST_BOT = 7_000_000_000L;
    private static final int IN_A_DOCUMENT = 500;
    private static final int AT_A_TIME = 8;
    // Nobody logs in: a password of each one's own would only take its time to be hashed.
    private static final String USERS = """
            insert into users (id, tenant_id, username, email, password_hash, role, created_at, updated_at)
            select gen_random_uuid(), tenant_id, 'bench-' || i, 'bench-' || i || '@example.test', password_hash, 'user',
                created_at, updated_at
            from users, generate_series(0, %d) i where username = 'admin'""";
    private static final String OWNERS = """
            update api_tokens set created_by = users.id
            from unnest(?::bytea[]) with ordinality made (digest, i), users
            where api_tokens.digest = made.digest and users.username = 'bench-' || (made.i - 1)""";

    private BotUsers() {}

    /** By a service that is ended afterwards: none that is measured has seen one of them. */
    static List<Owner> make(Machine machine, Setup setup, int count) throws Exception {
        System.out.println("Creating " + count + " users with a bot each");
        var key = Key.generateKey(new SecureRandom());
        try (var service = machine.startService(setup, "service", Map.of("BOT_ENCRYPTION_KEY", key.serialise()))) {
            var session = Tokens.session(service);
            Database.run(USERS.formatted(count - 1));
            var tokens = tokens(service, session, count);
            giveAway(tokens);
            for (var from = 0; from < count; from += IN_A_DOCUMENT) {
                importBots(service, session, key, from, Math.min(count, from + IN_A_DOCUMENT));
            }
            return IntStream.range(0, count)
                    .mapToObj(i -> new Owner(FIRST_BOT + i, tokens.get(i)))
                    .toList();
        }
    }

    private static List<String> tokens(Program service, String session, int count) throws Exception {
        Callable<String> creation = () -> Http.json("POST", service.base() + "/api/v1/tokens", session, NEW_TOKEN)
                .path("token")
                .textValue();
        var texts = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            for (var text : threads.invokeAll(Collections.nCopies(count, creation))) {
                texts.add(text.get());
            }
        }
        return texts;
    }

    // The administrator made them all; the first becomes the first user's, and so on.
    private static void giveAway(List<String> tokens) throws SQLException {
        try (var connection = Database.connect();
                var update = connection.prepareStatement(OWNERS)) {
            update.setArray(
                    1,
                    connection.createArrayOf(
                            "bytea", tokens.stream().map(Digests::sha256).toArray(byte[][]::new)));
            if (update.executeUpdate() != tokens.size()) {
                throw new Failure("not every token has a user");
            }
        }
    }

    private static void importBots(Program service, String session, Key key, int from, int to) throws Exception {
        var lines = IntStream.range(from, to).mapToObj(i -> line(key, i)).collect(Collectors.joining("\n"));
        var url = service.base() + "/api/admin/bots/import?dry_run=false";
        var answer = Http.text("POST", url, session, lines, Http.JSON_LINES);
        if (!answer.contains("\"imported\":" + (to - from) + ",")) {
            throw new Failure("not all bots were imported: " + answer);
        }
    }

    private static String line(Key key, int i) {
        var bot = FIRST_BOT + i;
        return """
                {"user":"bench-%d","bot_token":"%s","bot_id":%d,"bot_username":"b%d_bot","status":"active",\
                "is_verified":true,"rate_limit_rps":%d,"max_concurrent_requests":%d}""".formatted(
                        i,
                        Token.generate(key, bot + ":" + RandomText.base62(35)).serialise(),
                        bot,
                        bot,
                        i < WIDE ? WIDE_PER_SECOND : PER_SECOND,
                        i < WIDE ? WIDE_AT_ONCE : AT_ONCE);
    }
}
