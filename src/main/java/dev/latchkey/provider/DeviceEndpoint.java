package dev.latchkey.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ProvenCalls.Said;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Begins logins of devices that have no browser (RFC 8628). Blocking, in no transaction. */
@Singleton
public class DeviceEndpoint {

    private static final int OK = 200;
    private static final int LONGEST_CODE = 4096;
    private static final int LONGEST_ADDRESS = 2048;
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

    /**
     * What the provider handed out (section 3.2).
     *
     * @param interval the pause between two questions whether the user has agreed
     */
    public record Begun(
            Secret deviceCode,
            String userCode,
            String verificationUri,
            Optional<String> verificationUriComplete,
            Duration life,
            Duration interval) {}

    private final ProvenCalls calls;

    DeviceEndpoint(ProvenCalls calls) {
        this.calls = calls;
    }

    /** @throws Problem {@code exchange_failed}, with a reason */
    public Begun begin(Provider provider, ClientIdentity client, String scope) {
        var endpoint = provider.endpoints()
                .device()
                .orElseThrow(() -> failed("The provider knows no logins of devices", "no_device_endpoint"));
        // Whoever proves itself by a header says here who it is all the same (section 3.1).
        var form = new FormBody().with("client_id", client.clientId());
        try {
            return read(calls.ask(provider, endpoint, client, scope.isEmpty() ? form : form.with("scope", scope)));
        } catch (IOException e) {
            throw failed("The provider gave no answer that could be used", String.valueOf(e.getMessage()));
        }
    }

    private static Begun read(Said said) {
        if (said.status() != OK || said.body().isEmpty()) {
            throw failed(
                    "The provider refused to begin a login",
                    said.error().isEmpty() ? "Status " + said.status() : TokenEndpoint.known(said.error()));
        }
        var body = said.body().get();
        // Google writes it in a way of its own.
        var address = address(body, "verification_uri").or(() -> address(body, "verification_url"));
        var deviceCode = text(body, "device_code", LONGEST_CODE);
        var userCode = text(body, "user_code", LONGEST_CODE);
        if (address.isEmpty() || deviceCode.isEmpty() || userCode.isEmpty()) {
            throw failed("The provider gave no answer that could be used", "An answer without a code");
        }
        return new Begun(
                new Secret(deviceCode.get()),
                userCode.get(),
                address.get(),
                address(body, "verification_uri_complete"),
                seconds(body, "expires_in", LONGEST_LIFE, LONGEST_LIFE),
                seconds(body, "interval", USUAL_INTERVAL, LONGEST_INTERVAL));
    }

    private static Optional<String> text(JsonNode body, String name, int longest) {
        return Optional.of(body.path(name).asText(""))
                .filter(text -> !text.isEmpty()
                        && text.length() <= longest
                        && text.chars().allMatch(c -> c >= ' '));
    }

    // It is shown to people, who open it.
    private static Optional<String> address(JsonNode body, String name) {
        return text(body, name, LONGEST_ADDRESS).filter(text -> {
            try {
                var uri = URI.create(text);
                return uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }

    private static Duration seconds(JsonNode body, String name, Duration unsaid, Duration most) {
        var seconds = body.path(name).asLong(0);
        return seconds <= 0 ? unsaid : Duration.ofSeconds(Math.min(seconds, most.toSeconds()));
    }

    private static Problem failed(String detail, String reason) {
        return new Problem(ProviderProblem.EXCHANGE_FAILED, detail).with("reason", reason);
    }
}
