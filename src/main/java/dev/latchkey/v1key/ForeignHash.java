package dev.latchkey.v1key;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.crypto.Digests;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Hashes of keys as other systems keep them. */
sealed interface ForeignHash {

    /** No more keys than this may begin alike: each costs the work of a hash. */
    int MOST_ALIKE = 5;

    /** SHA-256 of the text, as 64 hexadecimal digits: the same as ours. */
    record Sha256(byte[] digest) implements ForeignHash {}

    /** {@code pbkdf2_sha256$<rounds>$<salt>$<base64>}, as Django writes it. */
    record Pbkdf2(int rounds, String salt, byte[] hash) implements ForeignHash {}

    /** {@code $2a$}, {@code $2b$} or {@code $2y$}. */
    record Bcrypt(String modular) implements ForeignHash {}

    Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
    Pattern PBKDF2 = Pattern.compile("pbkdf2_sha256\\$([1-9][0-9]{0,6})\\$([!-#%-~]{1,100})\\$([A-Za-z0-9+/]{43}=)");
    Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");
    int MOST_ROUNDS = 2_000_000;

    /** Empty for what none of them is. */
    static Optional<ForeignHash> parse(String text) {
        if (HEX.matcher(text).matches()) {
            return Optional.of(new Sha256(HexFormat.of().parseHex(text)));
        }
        var pbkdf2 = PBKDF2.matcher(text);
        if (pbkdf2.matches() && Integer.parseInt(pbkdf2.group(1)) <= MOST_ROUNDS) {
            return Optional.of(new Pbkdf2(
                    Integer.parseInt(pbkdf2.group(1)),
                    pbkdf2.group(2),
                    Base64.getDecoder().decode(pbkdf2.group(3))));
        }
        return BCRYPT.matcher(text).matches() ? Optional.of(new Bcrypt(text)) : Optional.empty();
    }

    /** Whether it is the text's. Costly, but for the first kind. */
    default boolean matches(String text) {
        return switch (this) {
            case Sha256(byte[] digest) -> MessageDigest.isEqual(digest, Digests.sha256(text));
            case Pbkdf2(int rounds, String salt, byte[] hash) ->
                MessageDigest.isEqual(hash, pbkdf2(text, salt.getBytes(UTF_8), rounds));
            // Our library knows the first of the three names; for texts of ASCII they are the same.
            case Bcrypt(String modular) -> BcryptUtil.matches(text, "$2a$" + modular.substring(4));
        };
    }

    private static byte[] pbkdf2(String text, byte[] salt, int rounds) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(text.toCharArray(), salt, rounds, 256))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has PBKDF2", e);
        }
    }
}
