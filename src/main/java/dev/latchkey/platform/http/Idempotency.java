package dev.latchkey.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repeated request safe: the same {@code Idempotency-Key} from the same caller within 24 hours gets the first
 * answer again, and nothing is done twice. Of two requests at the same moment the second waits for the first.
 */
@ApplicationScoped
public class Idempotency {

    public static final String HEADER = "Idempotency-Key";

    private static final SealedTable TABLE = SealedTable.of("platform_idempotency_keys", "id", "sealed");

    private final EntityManager database;
    private final Sealer sealer;
    private final ObjectMapper json;

    Idempotency(EntityManager database, Sealer sealer, ObjectMapper json) {
        this.database = database;
        this.sealer = sealer;
        this.json = json;
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return TABLE;
    }

    /**
     * Acts once for the key, in the caller's transaction.
     *
     * @param key null if the caller sent none: then each request acts
     * @param operation what is done; a key used for something else is refused
     * @throws Problem {@code validation_failed} for a key that is no 1 to 255 visible ASCII characters, {@code
     *     idempotency_key_reused} if the key came before with another request
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public <T> T once(
            @Nullable String key, Caller caller, String operation, Object request, Class<T> type, Supplier<T> act) {
        if (key == null) {
            return act.get();
        }
        if (!key.matches("[\\x21-\\x7E]{1,255}")) {
            throw Problem.invalidField(HEADER, "must be 1 to 255 visible ASCII characters");
        }
        // A caller may have put anything there, even a credential.
        var keyDigest = HexFormat.of().formatHex(Digests.sha256(key));
        var digest = Digests.sha256(operation + '\n' + write(request));
        var id = Uuid7.next();
        if (!claim(id, caller, keyDigest, operation, digest)) {
            return replay(caller, keyDigest, digest, type);
        }
        var answer = act.get();
        keep(id, sealer.seal(new Secret(write(answer)), TABLE.place(id)));
        return answer;
    }

    // Waits while another transaction holds the same key, by the unique constraint.
    private boolean claim(UUID id, Caller caller, String keyDigest, String operation, byte[] digest) {
        return database.createNativeQuery("""
                        insert into platform_idempotency_keys (id, tenant_id, caller_id, key, operation, request_digest)
                        values (?1, ?2, ?3, ?4, ?5, ?6) on conflict do nothing""")
                        .setParameter(1, id)
                        .setParameter(2, caller.tenantId())
                        .setParameter(3, owner(caller))
                        .setParameter(4, keyDigest)
                        .setParameter(5, operation)
                        .setParameter(6, digest)
                        .executeUpdate()
                == 1;
    }

    private <T> T replay(Caller caller, String keyDigest, byte[] digest, Class<T> type) {
        var row = (Object[]) database.createNativeQuery("""
                        select id, request_digest, sealed, key_id from platform_idempotency_keys
                        where tenant_id = ?1 and caller_id = ?2 and key = ?3""")
                .setParameter(1, caller.tenantId())
                .setParameter(2, owner(caller))
                .setParameter(3, keyDigest)
                .getSingleResult();
        if (!MessageDigest.isEqual((byte[]) row[1], digest)) {
            throw new Problem(HttpProblem.IDEMPOTENCY_KEY_REUSED, "This key came before with another request");
        }
        var sealed = new Sealed((byte[]) row[2], ((Number) row[3]).longValue());
        return read(sealer.open(sealed, TABLE.place(row[0])), type);
    }

    private void keep(UUID id, Sealed answer) {
        database.createNativeQuery("update platform_idempotency_keys set sealed = ?2, key_id = ?3 where id = ?1")
                .setParameter(1, id)
                .setParameter(2, answer.ciphertext())
                .setParameter(3, answer.keyId())
                .executeUpdate();
    }

    /** Forgets what is older than a day. Every replica may do it: the second finds nothing. */
    @Scheduled(every = "10m", delayed = "1m")
    @Transactional
    void forgetOld() {
        database.createNativeQuery(
                        "delete from platform_idempotency_keys where created_at < now() - interval '24 hours'")
                .executeUpdate();
    }

    // A user's key holds over sessions: a client that had to log in again still gets its first answer.
    private static UUID owner(Caller caller) {
        return caller.isCredential() ? caller.id() : caller.userId().orElse(caller.id());
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Requests and answers are always JSON", e);
        }
    }

    private <T> T read(Secret text, Class<T> type) {
        try {
            return json.readValue(text.reveal(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A kept answer of an older version cannot be read", null);
        }
    }
}
