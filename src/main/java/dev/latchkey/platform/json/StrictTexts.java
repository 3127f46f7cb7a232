package dev.latchkey.platform.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.time.Instant;
import java.util.UUID;

/** Has times, UUIDs and enums read by {@link StrictText}. */
final class StrictTexts extends SimpleModule {

    private static final long serialVersionUID = 1;

    StrictTexts() {
        super("latchkey");
        setDeserializers(new Readers());
        addDeserializer(Instant.class, StrictText.ofTime());
        addDeserializer(UUID.class, StrictText.ofUuid());
    }

    private static final class Readers extends SimpleDeserializers {

        private static final long serialVersionUID = 1;

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return StrictText.ofWord(type);
        }
    }
}
