package dev.latchkey.platform.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code WWW-Authenticate}, as RFC 6750 has it. */
class ChallengeTest {

    @ParameterizedTest
    @EnumSource(CommonProblem.class)
    void every401And403CarriesAChallengeAndNoOtherProblemDoes(CommonProblem code) {
        var expected = code.status() == 401 || code.status() == 403;
        assertEquals(expected, Challenge.of(new Problem(code, "words")).isPresent());
    }

    @Test
    void whoSentNoCredentialIsToldOfNoError() {
        assertEquals(
                Optional.of("Bearer realm=\"latchkey\""),
                Challenge.of(new Problem(CommonProblem.NOT_AUTHENTICATED, "Not authenticated")));
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_TOKEN", "EXPIRED_TOKEN", "REVOKED_TOKEN", "DISABLED_TOKEN"})
    void everyFaultOfACredentialIsAnInvalidTokenToOAuth(CommonProblem code) {
        assertEquals(
                Optional.of("Bearer realm=\"latchkey\", error=\"invalid_token\", error_description=\"words\""),
                Challenge.of(new Problem(code, "words")));
    }

    @Test
    void whoFailedByClientCredentialsIsChallengedInThatScheme() {
        assertEquals(
                Optional.of("Basic realm=\"latchkey\", charset=\"UTF-8\""),
                Challenge.of(new Problem(CommonProblem.INVALID_CLIENT, "words")));
    }

    @Test
    void aMissingScopeIsNamed() {
        var problem =
                new Problem(CommonProblem.INSUFFICIENT_SCOPE, "words").with("required_scopes", List.of("a:b", "c:d"));
        assertEquals(
                Optional.of(
                        "Bearer realm=\"latchkey\", error=\"insufficient_scope\", error_description=\"words\", scope=\"a:b c:d\""),
                Challenge.of(problem));
    }

    @Test
    void noDetailBreaksOutOfItsQuotes() {
        var challenge = Challenge.of(new Problem(CommonProblem.INVALID_TOKEN, "a\"b\\c\r\nX: \u00e9"));
        assertEquals(
                Optional.of("Bearer realm=\"latchkey\", error=\"invalid_token\", error_description=\"a b c  X:  \""),
                challenge);
    }
}
