package dev.latchkey.apikey;

import dev.latchkey.platform.json.Text;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a new key shall be.
 *
 * @param keyType its role; capitals and {@code -} are understood
 */
record RegisterApiKey(
        @NotNull @Text(min = ApiKeyService.SHORTEST_NAME, max = 100)
        String name,

        @NotNull @Size(max = 100) String keyType,
        @Nullable Map<String, Object> metadata) {}
