package dev.latchkey.client.jaxrs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The slot of a call is given back when its response is finished, in whatever way, once, and nobody waits for that. */
@QuarkusTest
@Timeout(60)
class SlotsTest {

    private static final FakeLatchkey LATCHKEY = Guarded.LATCHKEY;
    private static final String SLOT = """
            {"valid":true,"code":"VALID","key_id":"k1","lease":{"id":"$LEASE","expires_at":"2030-01-31T12:00:30Z"}}""";

    @TestHTTPResource
    URI base;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void allIsWell() {
        LATCHKEY.status = 200;
        LATCHKEY.answer = SLOT;
        LATCHKEY.released = 204;
        LATCHKEY.releases.clear();
    }

    @AfterEach
    void eachSlotWasGivenBackOnce() throws InterruptedException {
        // Whatever would come a second time comes before this one.
        var before = LATCHKEY.releases.size();
        LATCHKEY.answer = SLOT;
        LATCHKEY.status = 200;
        call("done").join();
        awaitReleases(before + 1);
        assertEquals(before + 1, LATCHKEY.releases.stream().distinct().count());
    }

    @ParameterizedTest
    @CsvSource({"done, 200", "empty, 204", "later, 200", "many, 200", "refused, 409", "failed, 500", "failed-later, 500"
    })
    void aSlotIsGivenBackInWhateverWayTheCallEnds(String way, int status) throws InterruptedException {
        assertEquals(status, call(way).join().statusCode());
        awaitReleases(1);
        var told = LATCHKEY.releases.get(0);
        assertTrue(told.contains("\"token\":\"lk_live_x\"") && told.contains("\"lease\":\"l"), told);
    }

    @Test
    void aSlotIsHeldUntilAStreamHasEnded() throws Exception {
        var answer = http.send(request("streamed"), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            assertEquals(0, body.read());
            // Of another call, which gives back its own.
            call("done").join();
            LATCHKEY.awaitReleases(1);
            // Whoever gives it back too early has the time to.
            Thread.sleep(300);
            assertEquals(1, LATCHKEY.releases.size());
            Calls.GO_ON.release();
            assertEquals(0, body.read());
            awaitReleases(2);
        }
    }

    @Test
    void aStreamThatBreaksOffGivesItsSlotBackToo() throws InterruptedException {
        assertThrows(RuntimeException.class, () -> call("cut").join());
        awaitReleases(1);
    }

    @Test
    void ofManyCallsAtOnceEachGivesItsOwnSlotBack() throws InterruptedException {
        var calls = Stream.of("done", "empty", "refused", "failed", "later")
                .flatMap(way -> Stream.generate(() -> call(way)).limit(20))
                .toList();
        calls.forEach(CompletableFuture::join);
        awaitReleases(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"done", "empty", "later"})
    void nobodyWaitsForIt(String way) throws InterruptedException {
        var permits = LATCHKEY.releasing.drainPermits();
        try {
            for (var i = 0; i < 50; i++) {
                assertTrue(call(way).join().statusCode() < 300);
            }
            awaitReleases(50);
        } finally {
            LATCHKEY.releasing.release(permits);
        }
    }

    @Test
    void thatItCannotBeGivenBackChangesNoAnswer() throws InterruptedException {
        for (var status : List.of(503, 401, 400)) {
            LATCHKEY.released = status;
            assertEquals("done", call("done").join().body());
        }
        awaitReleases(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"valid\":true,\"code\":\"VALID\"}", "{\"valid\":false,\"code\":\"RATE_LIMITED\"}", "garbage"})
    void whoTookNoSlotGivesNoneBack(String answer) {
        LATCHKEY.answer = answer;
        call("done").join();
        assertEquals(List.of(), LATCHKEY.releases);
    }

    private CompletableFuture<HttpResponse<String>> call(String way) {
        return http.sendAsync(request(way), BodyHandlers.ofString()).orTimeout(30, TimeUnit.SECONDS);
    }

    private HttpRequest request(String way) {
        return HttpRequest.newBuilder(base.resolve("/calls/" + way))
                .header("Authorization", "Bearer lk_live_x")
                .build();
    }

    private static void awaitReleases(int count) throws InterruptedException {
        LATCHKEY.awaitReleases(count);
        assertEquals(count, LATCHKEY.releases.size());
    }
}
