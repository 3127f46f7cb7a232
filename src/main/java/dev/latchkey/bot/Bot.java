package dev.latchkey.bot;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.telegram.BotToken;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** A row of {@code bots}. */
@Entity
@Table(name = "bots")
@DynamicUpdate
public class Bot extends PanacheEntityBase {

    static final SealedTable TABLE =
            SealedTable.of("bots", "id", "token_sealed", "api_hash_sealed", "phone_sealed", "session_sealed");

    @Id
    UUID id;

    UUID tenantId;
    UUID userId;

    /** What older systems call the user. */
    @Formula("(select users.number from users where users.id = user_id)")
    Long userNumber;

    byte[] tokenDigest;
    long botId;

    @Nullable
    String botUsername;

    @Nullable
    Integer telegramApiId;

    byte[] tokenSealed;
    byte @Nullable [] apiHashSealed;
    byte @Nullable [] phoneSealed;
    byte @Nullable [] sessionSealed;
    long keyId;
    String status;
    boolean isVerified;

    @Nullable
    String suspendedBy;

    @Nullable
    String suspensionReason;

    @Nullable
    Instant pausedUntil;

    int rateLimitRps;
    int maxConcurrentRequests;

    /** Counted behind the calls, by others. */
    @Column(updatable = false)
    long totalRequests;

    @Column(updatable = false)
    @Nullable
    Instant lastUsedAt;

    Instant createdAt;
    Instant updatedAt;

    static Optional<Bot> of(UUID userId) {
        return Bot.<Bot>find("userId", userId).firstResultOptional();
    }

    static boolean isKnown(byte[] tokenDigest) {
        return count("tokenDigest", (Object) tokenDigest) > 0;
    }

    /** The user's bot as it is now, locked until the transaction ends. */
    static Optional<Bot> locked(UUID userId) {
        return Bot.<Bot>find("userId", userId)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    BotState state() {
        return new BotState(
                BotStatus.of(status),
                isVerified,
                Optional.ofNullable(suspendedBy)
                        .map(by -> new BotState.Suspension(
                                BotState.Suspension.By.of(by),
                                Optional.ofNullable(suspensionReason).orElseThrow())),
                Optional.ofNullable(pausedUntil));
    }

    void put(BotState state) {
        status = state.status().word();
        isVerified = state.isVerified();
        suspendedBy = state.suspension().map(by -> by.by().word()).orElse(null);
        suspensionReason = state.suspension().map(BotState.Suspension::reason).orElse(null);
        pausedUntil = state.pausedUntil().orElse(null);
    }

    /** Of a bot whose id is set. */
    void seal(
            BotToken token, Optional<Secret> apiHash, Optional<Secret> phone, Optional<Secret> session, Sealer sealer) {
        tokenDigest = token.digest();
        tokenSealed = sealed("token_sealed", token.secret(), sealer);
        apiHashSealed =
                apiHash.map(text -> sealed("api_hash_sealed", text, sealer)).orElse(null);
        phoneSealed = phone.map(text -> sealed("phone_sealed", text, sealer)).orElse(null);
        sessionSealed =
                session.map(text -> sealed("session_sealed", text, sealer)).orElse(null);
        keyId = sealer.primaryKeyId();
    }

    private byte[] sealed(String column, Secret text, Sealer sealer) {
        return sealer.seal(text, TABLE.place(column, id)).ciphertext();
    }

    Sealed token() {
        return new Sealed(tokenSealed, keyId);
    }

    /** What the audit log has of it. */
    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("bot_id", botId);
        facts.put("status", status);
        facts.put("is_verified", isVerified);
        facts.put("suspended_by", Optional.ofNullable(suspendedBy).orElse(""));
        facts.put("suspension_reason", Optional.ofNullable(suspensionReason).orElse(""));
        facts.put("rate_limit_rps", rateLimitRps);
        facts.put("max_concurrent_requests", maxConcurrentRequests);
        return facts;
    }
}
