package dev.latchkey.access;

import dev.latchkey.credential.Credential;
import dev.latchkey.limit.LimitConfig;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.caller.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Whose budget a call uses: the credential's own, the user's, or, for anonymous calls, the client address's. */
@ApplicationScoped
class Budgets {

    private final List<Window> session;
    private final List<Window> anonymous;

    Budgets(LimitConfig config) {
        session = List.of(
                Window.minute(config.session().perMinute()),
                Window.hour(config.session().perHour()),
                Window.day(config.session().perDay()));
        anonymous = List.of(
                Window.minute(config.anonymous().perMinute()),
                Window.hour(config.anonymous().perHour()));
    }

    LimitRequest ofCredential(Credential credential, int cost) {
        return request(credential.limitSubject(), credential.windows(), cost);
    }

    LimitRequest ofSession(Caller caller, int cost) {
        return request("user:" + caller.userId().orElse(caller.id()), session, cost);
    }

    LimitRequest ofAddress(String address, int cost) {
        return request("address:" + network(address), anonymous, cost);
    }

    // A call that costs more than the whole budget could never be made.
    private static LimitRequest request(String subject, List<Window> windows, int cost) {
        var smallest = windows.stream().mapToLong(Window::limit).min().orElse(cost);
        return new LimitRequest(subject, windows, Math.min(cost, smallest));
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
