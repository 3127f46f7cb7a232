package dev.latchkey.botimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of an import that is good, until a column is changed. */
record BotLine(Owner owner, Map<String, @Nullable Object> columns) {

    static final String HASH = "0123456789abcdef0123456789abcdef";
    static final String PHONE = "+442071838750";
    static final String SESSION = "1BVtsOK4Bu-import-canary-session_string==";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a new user without a bot, and a bot that Telegram knows. */
    static BotLine fresh() {
        return of(Owner.withoutBot());
    }

    static BotLine of(Owner owner) {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("user", owner.user().username() + "@example.test");
        columns.put("bot_token", FernetKeys.sealed(owner.bot().token()));
        columns.put("telegram_api_hash", FernetKeys.sealed(HASH));
        columns.put("telegram_phone", FernetKeys.sealed(PHONE));
        columns.put("session_string", FernetKeys.sealed(SESSION));
        columns.put("telegram_api_id", 12345);
        columns.put("bot_username", owner.bot().username());
        columns.put("bot_id", owner.bot().id());
        columns.put("status", "active");
        columns.put("is_verified", true);
        columns.put("rate_limit_rps", 7);
        columns.put("max_concurrent_requests", 3);
        columns.put("total_requests", 4815162342L);
        columns.put("last_used_at", "2024-02-03T04:05:06+02:00");
        columns.put("suspension_reason", null);
        columns.put("created_at", "2024-01-02T03:04:05.123456");
        return new BotLine(owner, columns);
    }

    BotLine with(String column, @Nullable Object value) {
        columns.put(column, value);
        return this;
    }

    BotLine without(String column) {
        columns.remove(column);
        return this;
    }

    BotApi.Known bot() {
        return owner.bot();
    }

    @Override
    public String toString() {
        try {
            return JSON.writeValueAsString(columns) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
