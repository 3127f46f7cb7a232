package dev.latchkey.telegram;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Secret;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a bot proves itself with to Telegram. It shows its bot's id only, which is no secret. */
public final class BotToken {

    private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,19}):[A-Za-z0-9_-]{35}");

    private final long botId;
    private final Secret secret;
    private final byte[] digest;

    private BotToken(long botId, String text) {
        this.botId = botId;
        this.secret = new Secret(text);
        this.digest = Digests.sha256(text);
    }

    /**
     * Empty unless the text is {@code <bot id>:<35 characters of A-Z a-z 0-9 _ ->}, and nothing else; the bot's id has 1 to 20 digits, does not
     * begin with 0, and is at most 2<sup>63</sup> - 1.
     */
    public static Optional<BotToken> parse(String text) {
        var matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BotToken(Long.parseLong(matcher.group(1)), text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    public long botId() {
        return botId;
    }

    /** The whole text. */
    public Secret secret() {
        return secret;
    }

    /** SHA-256 of the whole text, 32 bytes. */
    public byte[] digest() {
        return digest.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BotToken token && MessageDigest.isEqual(digest, token.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "[bot token of " + botId + "]";
    }
}
