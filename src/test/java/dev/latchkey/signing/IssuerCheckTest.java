package dev.latchkey.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An issuer is where its keys can be fetched safely. */
class IssuerCheckTest {

    @ParameterizedTest
    @CsvSource({
        "https://keys.example.com,          0.0.0.0,   0",
        "https://keys.example.com/latchkey, 0.0.0.0,   0",
        "http://localhost:8080,             127.0.0.1, 0",
        "http://127.0.0.1:8080,             localhost, 0",
        "http://localhost:8080,             0.0.0.0,   1",
        "http://keys.example.com,           127.0.0.1, 1",
        "http://keys.example.com,           0.0.0.0,   1",
        "http://localhost.example.com,      127.0.0.1, 1",
        "https://keys.example.com?a=b,      0.0.0.0,   1",
        "https://keys.example.com#a,        0.0.0.0,   1",
        "keys.example.com,                  0.0.0.0,   1",
        "https:///nobody,                   0.0.0.0,   1",
        "ftp://keys.example.com,            0.0.0.0,   1",
        "'',                                0.0.0.0,   1",
        "'not a url',                       0.0.0.0,   1",
    })
    void onlyHttpsOrWhatNobodyElseReaches(String issuer, String listensOn, int faults) {
        assertEquals(faults, new IssuerCheck(config(issuer), listensOn).faults().size());
    }

    private static SigningConfig config(String issuer) {
        return new SigningConfig() {
            @Override
            public KeyAlgorithm algorithm() {
                return KeyAlgorithm.ES256;
            }

            @Override
            public String issuer() {
                return issuer;
            }

            @Override
            public Duration rotateEvery() {
                return Duration.ZERO;
            }

            @Override
            public Duration publishAhead() {
                return Duration.ZERO;
            }
        };
    }
}
