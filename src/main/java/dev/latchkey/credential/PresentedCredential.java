package dev.latchkey.credential;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Optional;

/** The credential of a request, from {@code Authorization: Bearer} (RFC 6750, section 2.1) or {@code X-API-Key}. */
public record PresentedCredential(Secret text, boolean asApiKey) {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 8192;

    /**
     * Empty if none came. Another scheme than Bearer is none.
     *
     * @throws Problem {@code invalid_request} if there is more than one
     */
    public static Optional<PresentedCredential> of(MultiMap headers) {
        var presented = new ArrayList<PresentedCredential>();
        for (var value : headers.getAll("Authorization")) {
            if (value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                presented.add(new PresentedCredential(
                        new Secret(value.substring(SCHEME.length()).strip()), false));
            }
        }
        for (var value : headers.getAll("X-API-Key")) {
            presented.add(new PresentedCredential(new Secret(value.strip()), true));
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

    private boolean isPresent() {
        return !text.reveal().isEmpty();
    }
}
