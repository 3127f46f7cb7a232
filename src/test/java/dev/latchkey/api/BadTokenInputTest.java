package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the calls on tokens refuse, field by field: 400 for the wrong JSON type, 422 for a value that cannot be meant. */
@QuarkusTest
class BadTokenInputTest {

    private static final Map<String, String> VALID = valid();

    @Test
    void creationRefusesEachBadNameScopeAndEnvironment() {
        new Refusals("POST", "/api/v1/tokens", newUser()::calls).ofFields(VALID, """
                name        | (missing)                   | 422 | name
                name        | null                        | 422 | name
                name        | 5                           | 400 | name
                name        | []                          | 400 | name
                name        | ""                          | 422 | name
                name        | "  "                        | 422 | name
                name        | "<101a>"                    | 422 | name
                name        | "a\\u0000b"                 | 422 | name
                name        | "a\\nb"                     | 422 | name
                name        | "a\\u2028b"                 | 422 | name
                name        | "a\\ud800"                  | 422 | name
                name        | "\\u202egnp.exe"            | 422 | name
                scopes      | (missing)                   | 422 | scopes
                scopes      | null                        | 422 | scopes
                scopes      | "read:audits"               | 400 | scopes
                scopes      | {}                          | 400 | scopes
                scopes      | []                          | 422 | scopes
                scopes      | [null]                      | 422 | scopes[0]
                scopes      | [5]                         | 400 | scopes[0]
                scopes      | [["read:audits"]]           | 400 | scopes[0]
                scopes      | ["read:audits","no:such"]   | 422 | scopes[1]
                scopes      | ["*"]                       | 422 | scopes[0]
                scopes      | ["no:*"]                    | 422 | scopes[0]
                scopes      | ["Read:audits"]             | 422 | scopes[0]
                scopes      | ["read:audits "]            | 422 | scopes[0]
                scopes      | ["read:audits\\u0000"]      | 422 | scopes[0]
                scopes      | ["<101a>"]                  | 422 | scopes[0]
                environment | "prod"                      | 422 | environment
                environment | "LIVE"                      | 422 | environment
                environment | ""                          | 422 | environment
                environment | 0                           | 400 | environment
                environment | 1                           | 400 | environment
                environment | true                        | 400 | environment
                environment | ["live"]                    | 400 | environment
                team_id     | "x"                         | 422 | team_id
                team_id     | ""                          | 422 | team_id
                team_id     | 5                           | 400 | team_id
                team_id     | "01a1fe88-62c1-7000-8d8e-401aaffb2a7e" | 422 | team_id
                token       | "lk_live_x"                 | 400 | token
                id          | "x"                         | 400 | id
                tenant_id   | "x"                         | 400 | tenant_id
                """);
    }

    @Test
    void creationRefusesEachBadTimeAndNumber() {
        new Refusals("POST", "/api/v1/tokens", newUser()::calls).ofFields(VALID, """
                expires_at      | "2020-01-01T00:00:00Z"           | 422 | expires_at
                expires_at      | "2099-01-01T00:00:00Z"           | 422 | expires_at
                expires_at      | "+1000000000-12-31T23:59:59Z"    | 422 | expires_at
                expires_at      | "2030-02-30T00:00:00Z"           | 422 | expires_at
                expires_at      | "2030-01-01T00:00:00"            | 422 | expires_at
                expires_at      | "2030-01-01"                     | 422 | expires_at
                expires_at      | "tomorrow"                       | 422 | expires_at
                expires_at      | ""                               | 422 | expires_at
                expires_at      | 1893456000                       | 400 | expires_at
                expires_at      | 1893456000.5                     | 400 | expires_at
                expires_at      | [2030,1,1]                       | 400 | expires_at
                expires_at      | true                             | 400 | expires_at
                expires_in_days | 0                                | 422 | expires_in_days
                expires_in_days | -1                               | 422 | expires_in_days
                expires_in_days | 3651                             | 422 | expires_in_days
                expires_in_days | 2147483648                       | 422 | expires_in_days
                expires_in_days | <60 9>                           | 422 | expires_in_days
                expires_in_days | "5"                              | 400 | expires_in_days
                expires_in_days | 1.5                              | 400 | expires_in_days
                expires_in_days | true                             | 400 | expires_in_days
                expires_in_days | 1,"expires_at":"2026-12-31T00:00:00Z" | 422 | expires_in_days
                rate_limits     | 5                                | 400 | rate_limits
                rate_limits     | []                               | 400 | rate_limits
                rate_limits     | {"per_minute":0}                 | 422 | rate_limits.per_minute
                rate_limits     | {"per_hour":-1}                  | 422 | rate_limits.per_hour
                rate_limits     | {"per_day":1000000001}           | 422 | rate_limits.per_day
                rate_limits     | {"per_day":<40 9>}               | 422 | rate_limits.per_day
                rate_limits     | {"per_day":"5"}                  | 400 | rate_limits.per_day
                rate_limits     | {"per_day":1e3}                  | 400 | rate_limits.per_day
                rate_limits     | {"per_second":5}                 | 400 | rate_limits.per_second
                credits         | -1                               | 422 | credits.remaining
                credits         | 1000000001                       | 422 | credits.remaining
                credits         | <40 9>                           | 400 | credits
                credits         | {"remaining":<40 9>}             | 422 | credits.remaining
                credits         | "5"                              | 400 | credits
                credits         | 1.5                              | 400 | credits
                credits         | []                               | 400 | credits
                credits         | {}                               | 422 | credits.remaining
                credits         | {"remaining":null}               | 422 | credits.remaining
                credits         | {"remaining":"5"}                | 400 | credits.remaining
                credits         | {"remaining":5,"spent":1}        | 400 | credits.spent
                credits         | {"remaining":5,"refill":5}       | 400 | credits.refill
                credits         | {"remaining":5,"refill":{}}      | 422 | credits.refill.amount,credits.refill.interval
                credits         | {"remaining":5,"refill":{"amount":0,"interval":"daily"}}            | 422 | credits.refill.amount
                credits         | {"remaining":5,"refill":{"amount":1,"interval":"weekly"}}           | 422 | credits.refill.interval
                credits         | {"remaining":5,"refill":{"amount":1,"interval":"monthly","day":32}} | 422 | credits.refill.day
                """);
    }

    @Test
    void creationRefusesEachBadBurstSlotAndShadow() {
        new Refusals("POST", "/api/v1/tokens", newUser()::calls).ofFields(VALID, """
                rate_limits | {"burst":5}                                            | 400 | rate_limits.burst
                rate_limits | {"burst":[]}                                           | 400 | rate_limits.burst
                rate_limits | {"burst":{"capacity":5}}                               | 422 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"refill_per_second":5}}                      | 422 | rate_limits.burst.capacity
                rate_limits | {"burst":{"capacity":0,"refill_per_second":5}}         | 422 | rate_limits.burst.capacity
                rate_limits | {"burst":{"capacity":1000001,"refill_per_second":5}}   | 422 | rate_limits.burst.capacity
                rate_limits | {"burst":{"capacity":1.5,"refill_per_second":5}}       | 400 | rate_limits.burst.capacity
                rate_limits | {"burst":{"capacity":"5","refill_per_second":5}}       | 400 | rate_limits.burst.capacity
                rate_limits | {"burst":{"capacity":5,"refill_per_second":0}}         | 422 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":-1}}        | 422 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":0.001}}     | 422 | rate_limits.burst.refill_per_second,rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":0.015}}     | 422 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":10000.01}}  | 422 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":1e400}}     | 422 | rate_limits.burst.refill_per_second,rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":1e-400}}    | 422 | rate_limits.burst.refill_per_second,rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":"5"}}       | 400 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"refill_per_second":true}}      | 400 | rate_limits.burst.refill_per_second
                rate_limits | {"burst":{"capacity":5,"per_second":5}}                | 400 | rate_limits.burst.per_second
                rate_limits | {"concurrent_requests":5}                              | 400 | rate_limits.concurrent_requests
                rate_limits | {"concurrent_requests":{"limit":5}}                    | 422 | rate_limits.concurrent_requests.lease_seconds
                rate_limits | {"concurrent_requests":{"lease_seconds":5}}            | 422 | rate_limits.concurrent_requests.limit
                rate_limits | {"concurrent_requests":{"limit":0,"lease_seconds":5}}  | 422 | rate_limits.concurrent_requests.limit
                rate_limits | {"concurrent_requests":{"limit":10001,"lease_seconds":5}} | 422 | rate_limits.concurrent_requests.limit
                rate_limits | {"concurrent_requests":{"limit":"5","lease_seconds":5}}   | 400 | rate_limits.concurrent_requests.limit
                rate_limits | {"concurrent_requests":{"limit":5,"lease_seconds":0}}     | 422 | rate_limits.concurrent_requests.lease_seconds
                rate_limits | {"concurrent_requests":{"limit":5,"lease_seconds":86401}} | 422 | rate_limits.concurrent_requests.lease_seconds
                rate_limits | {"concurrent_requests":{"limit":5,"lease_seconds":0.5}}   | 400 | rate_limits.concurrent_requests.lease_seconds
                shadow_rate_limits | 5                                               | 400 | shadow_rate_limits
                shadow_rate_limits | []                                              | 400 | shadow_rate_limits
                shadow_rate_limits | {"per_minute":0}                                | 422 | shadow_rate_limits.per_minute
                shadow_rate_limits | {"per_hour":-1}                                 | 422 | shadow_rate_limits.per_hour
                shadow_rate_limits | {"per_day":1000000001}                          | 422 | shadow_rate_limits.per_day
                shadow_rate_limits | {"per_day":"5"}                                 | 400 | shadow_rate_limits.per_day
                shadow_rate_limits | {"burst":{"capacity":5}}                        | 422 | shadow_rate_limits.burst.refill_per_second
                shadow_rate_limits | {"burst":{"capacity":0,"refill_per_second":5}}  | 422 | shadow_rate_limits.burst.capacity
                shadow_rate_limits | {"concurrent_requests":{"limit":5,"lease_seconds":5}} | 400 | shadow_rate_limits.concurrent_requests
                """);
    }

    @Test
    void creationRefusesEachBadAddressBlockAndMetadata() {
        new Refusals("POST", "/api/v1/tokens", newUser()::calls).ofFields(VALID, """
                allowed_cidrs | "10.0.0.0/8"                        | 400 | allowed_cidrs
                allowed_cidrs | [5]                                 | 400 | allowed_cidrs[0]
                allowed_cidrs | [null]                              | 422 | allowed_cidrs[0]
                allowed_cidrs | [""]                                | 422 | allowed_cidrs[0]
                allowed_cidrs | ["nonsense"]                        | 422 | allowed_cidrs[0]
                allowed_cidrs | ["localhost"]                       | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.0/8","10.0.0.0/33"]        | 422 | allowed_cidrs[1]
                allowed_cidrs | ["10.0.0.0/-1"]                     | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.0/"]                       | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.0/08"]                     | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.1/8"]                      | 422 | allowed_cidrs[0]
                allowed_cidrs | ["010.0.0.1"]                       | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.1"]                            | 422 | allowed_cidrs[0]
                allowed_cidrs | ["167772161"]                       | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.256"]                      | 422 | allowed_cidrs[0]
                allowed_cidrs | ["::/129"]                          | 422 | allowed_cidrs[0]
                allowed_cidrs | ["fe80::1%eth0"]                    | 422 | allowed_cidrs[0]
                allowed_cidrs | ["[::1]"]                           | 422 | allowed_cidrs[0]
                allowed_cidrs | ["10.0.0.0\\u0000/8"]               | 422 | allowed_cidrs[0]
                metadata      | 5                                   | 400 | metadata
                metadata      | []                                  | 400 | metadata
                metadata      | "{}"                                | 400 | metadata
                metadata      | {"a":"\\u0000"}                     | 422 | metadata
                metadata      | {"\\u0000":1}                       | 422 | metadata
                metadata      | {"a":[{"b":"\\ud800"}]}             | 422 | metadata
                metadata      | {"a":1e400}                         | 422 | metadata
                metadata      | {"a":"<4100a>"}                     | 422 | metadata
                metadata      | {"a":<1100 9>}                      | 400 |
                metadata      | {"a":<40[>1<40]>}                   | 400 |
                """);
        var tooMany = String.join(",", java.util.Collections.nCopies(51, "\"10.0.0.0/8\""));
        var tooManyScopes = String.join(",", java.util.Collections.nCopies(65, "\"read:audits\""));
        new Refusals("POST", "/api/v1/tokens", newUser()::calls).ofFields(VALID, """
                allowed_cidrs | [%s] | 422 | allowed_cidrs
                scopes        | [%s] | 422 | scopes
                """.formatted(tooMany, tooManyScopes));
    }

    @Test
    void changesAreHeldToTheRulesOfCreationAndToFewerFields() {
        var user = newUser();
        new Refusals("PATCH", "/api/v1/tokens/" + idOfNewToken(user), user::calls).ofFields(Map.of(), """
                name          | ""                       | 422 | name
                name          | 5                        | 400 | name
                scopes        | []                       | 422 | scopes
                scopes        | ["no:such"]              | 422 | scopes[0]
                rate_limits   | {"per_minute":-5}        | 422 | rate_limits.per_minute
                rate_limits   | {"per_minute":1.5}       | 400 | rate_limits.per_minute
                rate_limits   | {"burst":{"capacity":1}}  | 422 | rate_limits.burst.refill_per_second
                rate_limits   | {"concurrent_requests":{"limit":1}} | 422 | rate_limits.concurrent_requests.lease_seconds
                shadow_rate_limits | {"per_day":0}      | 422 | shadow_rate_limits.per_day
                allowed_cidrs | ["10.0.0.0/33"]          | 422 | allowed_cidrs[0]
                metadata      | {"a":"\\u0000"}          | 422 | metadata
                enabled       | "true"                   | 400 | enabled
                enabled       | 1                        | 400 | enabled
                environment   | "test"                   | 400 | environment
                expires_at    | "2030-01-01T00:00:00Z"   | 400 | expires_at
                credits       | 5                        | 400 | credits
                status        | "active"                 | 400 | status
                """);
    }

    @Test
    void rotationRefusesABadGrace() {
        var user = newUser();
        new Refusals("POST", "/api/v1/tokens/" + idOfNewToken(user) + "/rotate", user::calls).ofFields(Map.of(), """
                grace_seconds | -1      | 422 | grace_seconds
                grace_seconds | 604801  | 422 | grace_seconds
                grace_seconds | <40 9>  | 422 | grace_seconds
                grace_seconds | "5"     | 400 | grace_seconds
                grace_seconds | 1.5     | 400 | grace_seconds
                grace         | 5       | 400 | grace
                """);
    }

    @Test
    void listsAndReportsRefuseBadParameters() {
        var user = newUser();
        new Refusals("GET", "/api/v1/tokens", user::calls).ofParameters("""
                limit   | 0                    | 422 | limit
                limit   | -1                   | 422 | limit
                limit   | 201                  | 422 | limit
                limit   | 1e2                  | 422 | limit
                limit   | %2B5                 | 422 | limit
                limit   | 99999999999999999999 | 422 | limit
                cursor  | abc                  | 422 | cursor
                cursor  | %00                  | 422 | cursor
                status  | ACTIVE               | 422 | status
                status  | gone                 | 422 | status
                team_id | x                    | 422 | team_id
                q       | a%00b                | 422 | q
                q       | %20                  | 422 | q
                q       | <101a>               | 422 | q
                """);
        for (var path : List.of("/api/v1/tokens/me/usage", "/api/v1/tokens/" + idOfNewToken(user) + "/usage")) {
            new Refusals("GET", path, user::calls).ofParameters("""
                    from        | yesterday                  | 422 | from
                    from        | %00                        | 422 | from
                    from        | 1893456000                 | 422 | from
                    from        | 1999-01-01                 | 422 | from
                    from        | 2026-01-01&to=2025-01-01   | 422 | from
                    from        | 2001-01-01                 | 422 | granularity
                    to          | 2026-13-01                 | 422 | to
                    to          | 9999999-01-01T00:00:00Z    | 422 | to
                    granularity | week                       | 422 | granularity
                    granularity | HOUR                       | 422 | granularity
                    """);
        }
    }

    private static String idOfNewToken(Someone owner) {
        return newToken(owner, Map.of("name", "x", "scopes", List.of("read:audits")))
                .path("id");
    }

    private static Map<String, String> valid() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("name", "\"a name\"");
        fields.put("scopes", "[\"read:audits\"]");
        return fields;
    }
}
