import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.id.Uuid7;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Genuine tokens by the hundred thousand: rows like the first one that the API made, and their texts. Nobody has used them; the service
 * has never seen them.
 */
final class Mint {

    private static final int AT_A_TIME = 10_000;
    private static final String INSERT = """
            insert into api_tokens
            select made.* from api_tokens pattern,
                unnest(?::uuid[], ?::text[], ?::bytea[]) fresh (id, prefix, digest),
                jsonb_populate_record(pattern, jsonb_build_object(
                    'id', fresh.id, 'family_id', fresh.id, 'prefix', fresh.prefix, 'digest', fresh.digest)) made
            where pattern.id = (select id from api_tokens order by id limit 1)""";

    private final Digests.HmacKey key;
    private final List<String> unseen = new ArrayList<>();

    private Mint(Digests.HmacKey key) {
        this.key = key;
    }

    /** Knows the secret of the checksums, as PostgreSQL and the keyset are the run's own. */
    static Mint open() throws Exception {
        AeadConfig.register();
        var aead = TinkJsonProtoKeysetFormat.parseKeyset(
                        System.getProperty("latchkey.keyset"), InsecureSecretKeyAccess.get())
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
        var sealed =
                Database.value("select encode(sealed, 'base64') from platform_secrets where name = 'token-checksum'");
        var secret = aead.decrypt(
                Base64.getMimeDecoder().decode(sealed), "platform_secrets\nsealed\ntoken-checksum".getBytes(UTF_8));
        return new Mint(new Digests.HmacKey(Base64.getDecoder().decode(new String(secret, UTF_8))));
    }

    /** Makes tokens until there are so many. */
    void growTo(long size) throws SQLException {
        try (var connection = Database.connect()) {
            for (var missing = size - Database.number("select count(*) from api_tokens"); missing > 0; ) {
                var now = (int) Math.min(missing, AT_A_TIME);
                insert(connection, now);
                missing -= now;
            }
        }
        // As autovacuum would have done by the time that there are so many.
        Database.run("vacuum (analyze) api_tokens");
        Database.run("checkpoint");
        Collections.shuffle(unseen, new Random(size));
    }

    /** Tokens that were not given out before, from anywhere in the table. */
    List<String> take(int count) {
        if (count > unseen.size()) {
            throw new Failure("of the tokens that nobody has seen only " + unseen.size() + " are left, not " + count);
        }
        var last = unseen.subList(unseen.size() - count, unseen.size());
        var taken = List.copyOf(last);
        last.clear();
        return taken;
    }

    /** The shape of a token, and a checksum that does not fit, but by chance in one of 57 milliards. */
    static String garbage(long number) {
        var text = new char[36];
        var random = new SplittableRandom(number);
        for (var i = 0; i < text.length; i++) {
            text[i] = RandomText.BASE62.charAt(random.nextInt(62));
        }
        return "lk_live_" + new String(text);
    }

    private void insert(Connection connection, int count) throws SQLException {
        var ids = new UUID[count];
        var prefixes = new String[count];
        var digests = new byte[count][];
        for (var i = 0; i < count; i++) {
            var text = text();
            ids[i] = Uuid7.next();
            prefixes[i] = text.substring(0, 12);
            digests[i] = Digests.sha256(text);
            unseen.add(text);
        }
        try (var insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, connection.createArrayOf("uuid", ids));
            insert.setArray(2, connection.createArrayOf("text", prefixes));
            insert.setArray(3, connection.createArrayOf("bytea", digests));
            insert.executeUpdate();
        }
    }

    // As TokenText has it: base62 digits, the lowest first, of the first eight bytes of the HMAC.
    private String text() {
        var text = new StringBuilder("lk_live_").append(RandomText.base62(30));
        var number = ByteBuffer.wrap(key.sign(text.toString())).getLong();
        for (var i = 0; i < 6; i++) {
            text.append(RandomText.BASE62.charAt((int) Long.remainderUnsigned(number, 62)));
            number = Long.divideUnsigned(number, 62);
        }
        return text.toString();
    }
}
