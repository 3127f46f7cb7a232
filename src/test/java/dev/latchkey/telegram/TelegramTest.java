package dev.latchkey.telegram;

import static dev.latchkey.telegram.TelegramFaults.json;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramAnswer.Why;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final String HALF = "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0123";
    private static final BotToken TOKEN = BotToken.parse("123456789:" + HALF).orElseThrow();
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);

    private TelegramFaults server;
    private Telegram telegram;

    @BeforeEach
    void start() throws IOException {
        server = new TelegramFaults();
        telegram = new Telegram(VERTX, server.config(PATIENT));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void callsTheMethodWithTheTokenInThePath() throws Exception {
        server.answers(TelegramFaults.ok("{\"id\":123456789}"));
        var answer = assertInstanceOf(Done.class, call(TelegramCall.of("getMe")));
        assertEquals(123456789, answer.result().path("id").asLong());
        assertEquals("{\"ok\":true,\"result\":{\"id\":123456789}}", new String(answer.body(), UTF_8));
        var call = server.calls().getFirst();
        assertEquals(TOKEN.secret().reveal(), call.token());
        assertEquals("getMe", call.method());
        assertEquals("", call.contentType());
        assertEquals("", call.text());
    }

    @Test
    void sendsBytesAsTheyAre() throws Exception {
        var bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        var type = "multipart/form-data; boundary=x";
        assertInstanceOf(Done.class, call(new TelegramCall("sendDocument", type, Buffer.buffer(bytes), Duration.ZERO)));
        assertEquals(type, server.calls().getFirst().contentType());
        assertArrayEquals(bytes, server.calls().getFirst().body());
    }

    @Test
    void writesParametersAsJson() throws Exception {
        call(TelegramCall.json("sendMessage", Map.of("chat_id", 7)));
        assertEquals("application/json", server.calls().getFirst().contentType());
        assertEquals("{\"chat_id\":7}", server.calls().getFirst().text());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 500, 502})
    void whatTelegramRefusesIsRefused(int code) throws Exception {
        server.answers(TelegramFaults.refused(code, "No: really"));
        var answer = assertInstanceOf(Refused.class, call(TelegramCall.of("getMe")));
        assertEquals(code, answer.errorCode());
        assertEquals("No: really", answer.description());
        assertEquals(Optional.empty(), answer.retryAfter());
    }

    @ParameterizedTest
    @CsvSource({"5,5", "0,1", "86400,86400", "86401,86400", "99999999999999999999,86400"})
    void aPauseIsOneSecondToOneDay(String said, long seconds) throws Exception {
        var bare = "{\"ok\":false,\"error_code\":429,\"description\":\"\"";
        for (var answer : List.of(
                json(429, bare + ",\"parameters\":{\"retry_after\":" + said + "}}"),
                json(429, bare + "}", "Retry-After", said))) {
            server.answers(answer);
            assertEquals(Optional.of(Duration.ofSeconds(seconds)), refused().retryAfter());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "\"soon\"", "null", "1.5", "{}", "\"\""})
    void whatIsNoPauseIsNone(String said) throws Exception {
        server.answers(json(429, "{\"ok\":false,\"parameters\":{\"retry_after\":" + said + "}}"));
        assertEquals(429, refused().errorCode());
        assertEquals(Optional.empty(), refused().retryAfter());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "true",
                "[]",
                "{}",
                "{\"ok\":1}",
                "{\"ok\":\"true\",\"result\":1}",
                "{\"ok\":true,\"result\":1} {}",
                "{\"ok\":true,\"result\":1"
            })
    void whatTheBotApiDoesNotAnswerIsUnreadable(String text) throws Exception {
        server.answers(json(200, text));
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getMe")));
    }

    @Test
    void garbageIsUnreadableAndNoRedirectIsFollowed() throws Exception {
        server.answers(TelegramFaults.garbage());
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getMe")));
        server.answers(json(302, "", "Location", server.uri() + "/bot1:x/logOut"));
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getMe")));
        server.answers(json(500, "{\"ok\":true,\"result\":1}"));
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getMe")));
        assertEquals(3, server.calls().size());
    }

    @Test
    void deepAndLargeAnswersAreReadUpToALimit() throws Exception {
        server.answers(TelegramFaults.huge(1_000_000));
        var large = assertInstanceOf(Done.class, call(TelegramCall.of("getUpdates")));
        assertEquals(1_000_000, large.result().asText().length());
        server.answers(TelegramFaults.huge(1024 * 1024));
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getUpdates")));
        server.answers(TelegramFaults.ok("[".repeat(100_000) + "]".repeat(100_000)));
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getUpdates")));
    }

    @Test
    void whatBreaksOffIsToldAndNeverSentAgain() throws Exception {
        server.answers(TelegramFaults.reset());
        assertEquals(new Failed(Why.UNREACHABLE, true), call(TelegramCall.of("sendMessage")));
        server.answers(TelegramFaults.cutOff());
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("sendMessage")));
        assertEquals(2, server.calls().size());
    }

    /** A kept connection that ends as the next call goes out is where clients like to repeat. */
    @Test
    void onAKeptConnectionNothingIsSentAgainEither() throws Exception {
        for (var round = 0; round < 20; round++) {
            server.answers(TelegramFaults.ok("true"));
            assertInstanceOf(Done.class, call(TelegramCall.of("getMe")));
            server.answers(TelegramFaults.reset());
            assertEquals(new Failed(Why.UNREACHABLE, true), call(TelegramCall.of("sendMessage")));
        }
        assertEquals(40, server.calls().size());
    }

    @Test
    void thereIsOneDeadlineToTheLastByte() throws Exception {
        var impatient = new Telegram(VERTX, server.config(SHORT));
        for (var answer : List.of(server.silence(), server.slow(Duration.ofMillis(100)))) {
            server.answers(answer);
            var start = System.nanoTime();
            assertEquals(new Failed(Why.TIMEOUT, true), call(impatient, TelegramCall.of("getMe")));
            var took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(SHORT.minusMillis(5)) >= 0, took::toString);
            assertTrue(took.compareTo(PATIENT) < 0, took::toString);
        }
        assertEquals(2, server.calls().size());
    }

    @Test
    void aCallsOwnTimeoutCounts() throws Exception {
        server.answers(server.silence());
        var hasty = new TelegramCall("getUpdates", "", Buffer.buffer(), SHORT);
        assertEquals(new Failed(Why.TIMEOUT, true), call(hasty));
        server.answers(TelegramFaults.after(SHORT.multipliedBy(3), TelegramFaults.ok("[]")));
        var patient = new TelegramCall("getUpdates", "", Buffer.buffer(), PATIENT);
        assertInstanceOf(Done.class, call(new Telegram(VERTX, server.config(SHORT)), patient));
    }

    @Test
    void whereNobodyListensNothingArrives() throws Exception {
        server.close();
        assertEquals(new Failed(Why.UNREACHABLE, false), call(TelegramCall.of("getMe")));
    }

    @Test
    @Timeout(30)
    void whoeverGetsNoConnectionInTimeHasSentNothing() throws Exception {
        server.answers(server.silence());
        var config = server.config(PATIENT);
        var waiting = new ArrayList<CompletableFuture<TelegramAnswer>>();
        for (var i = 0; i < config.connections(); i++) {
            waiting.add(start(telegram, TelegramCall.of("getUpdates")));
        }
        while (server.calls().size() < waiting.size()) {
            Thread.sleep(10);
        }
        var late = new TelegramCall("sendMessage", "", Buffer.buffer(), SHORT);
        assertEquals(new Failed(Why.TIMEOUT, false), call(late));
        server.close();
        for (var one : waiting) {
            assertEquals(new Failed(Why.UNREACHABLE, true), one.get(30, TimeUnit.SECONDS));
        }
        assertFalse(server.calls().stream().anyMatch(call -> call.method().equals("sendMessage")));
    }

    @Test
    void whatIsTooLateIsNotSentAndItsConnectionServesTheNext() throws Exception {
        try (var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var url = URI.create("http://127.0.0.1:" + listener.getLocalPort());
            var patient = new Telegram(VERTX, TelegramFaults.config(url, PATIENT));
            var late = patient.call(TOKEN, TelegramCall.of("sendMessage"), () -> false)
                    .toCompletionStage()
                    .toCompletableFuture();
            try (var connection = listener.accept()) {
                assertEquals(new Failed(Why.LATE, false), late.get(30, TimeUnit.SECONDS));
                var next = start(patient, TelegramCall.of("getMe"));
                var head = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8)).readLine();
                assertTrue(head.contains("/getMe "), head);
                connection.getOutputStream().write("""
                        HTTP/1.1 200 OK\r
                        Content-Length: 25\r
                        \r
                        {"ok":true,"result":true}""".getBytes(UTF_8));
                assertInstanceOf(Done.class, next.get(30, TimeUnit.SECONDS));
            }
        }
    }

    /** A listener that never accepts: once its queue is full, connections are not made. */
    @Test
    void whatDoesNotConnectInTimeHasNotArrived() throws Exception {
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var url = URI.create("http://127.0.0.1:" + deaf.getLocalPort());
            var impatient = new Telegram(VERTX, TelegramFaults.config(url, SHORT));
            var answers = new ArrayList<TelegramAnswer>();
            for (var i = 0; i < 6; i++) {
                answers.add(call(impatient, TelegramCall.of("getMe")));
            }
            assertEquals(new Failed(Why.TIMEOUT, false), answers.getLast());
        }
    }

    @Test
    void noAnswerHoldsTheToken() throws Exception {
        server.answers(TelegramFaults.echo());
        var done = assertInstanceOf(Done.class, call(TelegramCall.of("getWebhookInfo")));
        assertEquals(
                "https://example.com/bot[bot token]/x",
                done.result().path("url").asText());
        assertFalse(new String(done.body(), UTF_8).contains(HALF));
        server.answers(TelegramFaults.echoRefused(404));
        assertEquals("No such bot: [bot token]", refused().description());
        assertFalse(new String(refused().body(), UTF_8).contains(HALF));
    }

    /** Parsers guess encodings; in another one, the token would not have been found. */
    @Test
    void anotherEncodingIsNotRead() throws Exception {
        server.answers((exchange, call) -> {
            var bytes = ("{\"ok\":true,\"result\":\"" + call.token() + "\"}").getBytes(UTF_16BE);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getMe")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "get_me", "get/me", "../x", "getMe?x", "getMe\n", "get Me", "g\u00e9t"})
    void otherNamesAreNoMethods(String name) {
        assertThrows(IllegalArgumentException.class, () -> TelegramCall.of(name));
    }

    @Test
    void aCallIsWhatCanBeSent() {
        TelegramCall.of("a".repeat(64));
        var none = Buffer.buffer();
        assertThrows(IllegalArgumentException.class, () -> TelegramCall.of("a".repeat(65)));
        assertThrows(IllegalArgumentException.class, () -> new TelegramCall("getMe", "a\r\nb: c", none, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new TelegramCall("getMe", "", none, Duration.ofMillis(-1)));
    }

    @Test
    void whatPeopleWriteIsNotShown() throws Exception {
        assertEquals(
                "TelegramCall[sendMessage, 15 bytes]",
                TelegramCall.json("sendMessage", Map.of("text", "hide")).toString());
        server.answers(TelegramFaults.ok("\"hide\""));
        assertFalse(call(TelegramCall.of("getMe")).toString().contains("hide"));
        server.answers(TelegramFaults.refused(400, "hide"));
        assertFalse(refused().toString().contains("hide"));
    }

    private Refused refused() throws Exception {
        return assertInstanceOf(Refused.class, call(TelegramCall.of("getMe")));
    }

    private TelegramAnswer call(TelegramCall call) throws Exception {
        return call(telegram, call);
    }

    private static TelegramAnswer call(Telegram telegram, TelegramCall call) throws Exception {
        return start(telegram, call).get(30, TimeUnit.SECONDS);
    }

    private static CompletableFuture<TelegramAnswer> start(Telegram telegram, TelegramCall call) {
        return telegram.call(TOKEN, call, () -> true).toCompletionStage().toCompletableFuture();
    }
}
