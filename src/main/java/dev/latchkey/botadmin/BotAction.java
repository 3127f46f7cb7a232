package dev.latchkey.botadmin;

import dev.latchkey.platform.metadata.MetadataColumn;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** A row of {@code admin_bot_actions}. */
@Entity
@Table(name = "admin_bot_actions")
class BotAction extends PanacheEntityBase {

    /** What an admin does. */
    enum Kind {
        ACCESS,
        STATUS,
        VERIFY,
        SUSPEND,
        ACTIVATE,
        RATE_LIMIT;

        /** As it is stored and told. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Id
    UUID id;

    UUID adminId;
    UUID userId;

    @Formula("(select users.number from users where users.id = admin_id)")
    Long adminNumber;

    @Formula("(select users.number from users where users.id = user_id)")
    Long userNumber;

    /** What Telegram calls it. */
    long botId;

    /** The user's. */
    UUID tenantId;

    String action;

    @Nullable
    String reason;

    @Convert(converter = MetadataColumn.class)
    @ColumnTransformer(write = "?::jsonb")
    Map<String, Object> details;

    Instant at;
}
