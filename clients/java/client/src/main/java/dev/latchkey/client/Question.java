package dev.latchkey.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What makes two requests the same question, but for their cost. Tags and resource belong to it, so that what is owed is charged where it
 * was used.
 *
 * @param digest SHA-256 of the token, in base64url: the token itself is not kept
 */
record Question(
        String digest,
        Set<String> scopes,
        Optional<String> permissions,
        Optional<String> ip,
        Optional<String> resource,
        List<String> tags) {

    /** How many characters of the digest the feed of changes tells: 12 bytes. */
    private static final int NAME_LENGTH = 16;

    static Question of(VerifyRequest request) {
        return new Question(
                digest(request.token()),
                new TreeSet<>(request.scopes()),
                request.permissions(),
                request.ip(),
                request.resource(),
                request.tags());
    }

    /** How the feed of changes names the token. */
    String name() {
        return digest.substring(0, NAME_LENGTH);
    }

    private static String digest(String token) {
        try {
            var bytes = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
