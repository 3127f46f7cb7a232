package dev.latchkey.platform.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.problem.Problem;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for. Lists run from the newest to the oldest id; a cursor is the last id already seen.
 *
 * @param limit 1 to 200
 */
public record PageRequest(int limit, Optional<UUID> after) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 200;

    /** @throws Problem {@code validation_failed} for a limit out of its range or a cursor that we did not make */
    public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                limit == null ? DEFAULT_LIMIT : parseLimit(limit),
                Optional.ofNullable(cursor).map(PageRequest::parseCursor));
    }

    /** Makes a page from rows that were fetched with {@code limit + 1}: the row too many tells that there is a next page. */
    public <R, V> Page<V> page(List<R> rows, Function<R, UUID> id, Function<R, V> view) {
        var shown = rows.size() > limit ? rows.subList(0, limit) : rows;
        var next = rows.size() > limit ? cursor(id.apply(shown.getLast())) : null;
        return new Page<>(shown.stream().map(view).toList(), next);
    }

    private static int parseLimit(String text) {
        if (text.matches("[0-9]{1,3}")) {
            var limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        }
        throw Problem.invalidField("limit", "must be a whole number from 1 to " + MOST);
    }

    private static String cursor(UUID id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(id.toString().getBytes(UTF_8));
    }

    private static UUID parseCursor(String text) {
        try {
            return UUID.fromString(new String(Base64.getUrlDecoder().decode(text), UTF_8));
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField("cursor", "must be the next_cursor of an earlier answer");
        }
    }
}
