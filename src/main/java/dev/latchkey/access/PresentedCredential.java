package dev.latchkey.access;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The credential of a request, from {@code Authorization: Bearer} (RFC 6750, section 2.1), {@code X-API-Key} or, where the endpoint
 * understands client credentials, {@code Authorization: Basic}.
 *
 * @param clientId whose text it is said to be; only in client credentials
 */
public record PresentedCredential(Secret text, Way way, String clientId) {

    public enum Way {
        BEARER,
        API_KEY,
        BASIC
    }

    private static final int LONGEST = 8192;

    /**
     * Empty if none came. Another scheme than Bearer is none, and so is Basic where it is not understood.
     *
     * @throws Problem {@code invalid_request} if there is more than one
     */
    public static Optional<PresentedCredential> of(MultiMap headers, boolean clientCredentials) {
        var presented = new ArrayList<PresentedCredential>();
        for (var value : headers.getAll("Authorization")) {
            scheme(value, "Bearer ", text -> new PresentedCredential(new Secret(text), Way.BEARER, ""))
                    .ifPresent(presented::add);
            if (clientCredentials) {
                scheme(value, "Basic ", BasicCredentials::read).ifPresent(presented::add);
            }
        }
        for (var value : headers.getAll("X-API-Key")) {
            presented.add(new PresentedCredential(new Secret(value.strip()), Way.API_KEY, ""));
        }
        if (presented.size() > 1) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The request holds more than one credential");
        }
        return presented.stream().filter(PresentedCredential::isPresent).findFirst();
    }

    /** Whether the text is so long that it cannot be a credential of ours. */
    public boolean isOversized() {
        return text.reveal().length() > LONGEST;
    }

    public boolean mayBeSession() {
        return way == Way.BEARER;
    }

    /** Whether the id that came with the text, if one had to, is that of the credential with this text. */
    public boolean mayStandFor(String keyId) {
        return way != Way.BASIC
                || Digests.sameSecret(clientId.toLowerCase(Locale.ROOT), keyId.toLowerCase(Locale.ROOT));
    }

    /** What the caller is told who fails: of client credentials nothing but that, lest a text without its id tell its state. */
    public Problem refusal(Problem refusal) {
        return way == Way.BASIC
                ? new Problem(CommonProblem.INVALID_CLIENT, CommonProblem.INVALID_CLIENT.title())
                : refusal;
    }

    private boolean isPresent() {
        return way == Way.BASIC || !text.reveal().isEmpty();
    }

    private static Optional<PresentedCredential> scheme(
            String value, String scheme, Function<String, PresentedCredential> reading) {
        return value.regionMatches(true, 0, scheme, 0, scheme.length())
                ? Optional.of(reading.apply(value.substring(scheme.length()).strip()))
                : Optional.empty();
    }
}
