package dev.latchkey.session;

import dev.latchkey.identity.UserView;

/** The answer to a login (RFC 6749, section 5.1, and the user). Holds secrets: it is written once, and never logged. */
record SessionGrant(String accessToken, String tokenType, long expiresIn, String refreshToken, UserView user) {

    @Override
    public String toString() {
        return "SessionGrant[user=" + user.id() + "]";
    }
}
