package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Metrics are bounded by the routes that there are: no caller can make another series of them. */
@QuarkusTest
class RouteMetricsTest {

    @Test
    void whatMeetsNoRouteMakesNoMetricOfItsOwn() {
        for (var i = 0; i < 3; i++) {
            var path = "/api/v1/audits/made-up-" + i;
            as("garbage").post(path).then().statusCode(405);
            given().request("OPTIONS", path).then().statusCode(200);
            given().header("Origin", "https://example.test").get(path).then().statusCode(403);
            RawHttp.exchange("POST /made-up-" + i + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        }
        as("garbage").get("/api/v1/audits/made-up").then().statusCode(401);
        Eventually.within(10, () -> {
            var metrics = given().get("/q/metrics").asString();
            assertTrue(metrics.contains("uri=\"/unmatched\""), metrics);
            assertTrue(metrics.contains("status=\"401\",uri=\"/api/v1/audits/{id}\""), metrics);
            assertFalse(metrics.contains("made-up"), metrics);
        });
    }
}
