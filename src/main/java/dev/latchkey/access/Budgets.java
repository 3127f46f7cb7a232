package dev.latchkey.access;

import dev.latchkey.credential.Credential;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitConfig;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.caller.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Whose budget a call uses: the credential's own, the user's, or, for anonymous calls, the client address's. */
@ApplicationScoped
class Budgets {

    private static final int ONE = 1;

    private final Window passwords;
    private final List<Window> session;
    private final List<Window> anonymous;
    private final List<Window> signatures;

    Budgets(LimitConfig config) {
        passwords = new Window("passwords", config.passwordsPerMinute(), Duration.ofMinutes(1));
        session = List.of(
                Window.minute(config.session().perMinute()),
                Window.hour(config.session().perHour()),
                Window.day(config.session().perDay()));
        signatures = List.of(Window.minute(config.signaturesPerMinute()));
        anonymous = List.of(
                Window.minute(config.anonymous().perMinute()),
                Window.hour(config.anonymous().perHour()));
    }

    LimitRequest ofCredential(Credential credential) {
        return new LimitRequest(credential.allowance().calls(), ONE);
    }

    LimitRequest ofSession(Caller caller) {
        return new LimitRequest("user:" + caller.userId().orElse(caller.id()), session, ONE);
    }

    LimitRequest ofSignatures(String address) {
        return new LimitRequest("signatures:" + network(address), signatures, ONE);
    }

    /** The same that calls use which hash a password. */
    LimitRequest ofHashes(String address) {
        return new LimitRequest("passwords:address:" + network(address), List.of(passwords), ONE);
    }

    LimitRequest ofAddress(String address) {
        return new LimitRequest("address:" + network(address), anonymous, ONE);
    }

    /** The request with what the endpoint asks besides: a password takes a thousand times the work of anything else. */
    LimitRequest of(AccessRule rule, LimitRequest request) {
        var paying = request.budgets().getFirst();
        return rule.hashesPassword()
                ? new LimitRequest(
                        List.of(paying, new Budget("passwords:" + paying.subject(), List.of(passwords))),
                        request.cost())
                : request;
    }

    // Whoever has one IPv6 address has 2^64 of them (RFC 6177): the network is the client.
    private static String network(String address) {
        if (address.isEmpty()) {
            return "unknown";
        }
        var groups = address.split(":", -1);
        return groups.length == 8 ? String.join(":", List.of(groups).subList(0, 4)) : address;
    }
}
