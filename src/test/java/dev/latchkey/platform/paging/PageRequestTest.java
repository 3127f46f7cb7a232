package dev.latchkey.platform.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in pages. */
class PageRequestTest {

    @Property(tries = 100)
    void thePagesOfAListPutTogetherAreTheList(
            @ForAll @IntRange(max = 50) int size, @ForAll @IntRange(min = 1, max = 20) int limit) {
        var all = Stream.generate(Uuid7::next)
                .limit(size)
                .sorted(Comparator.<UUID>naturalOrder().reversed())
                .toList();
        var seen = new ArrayList<UUID>();
        @Nullable String cursor = null;
        do {
            var page = pageOf(all, PageRequest.of(String.valueOf(limit), cursor));
            seen.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        assertEquals(all, seen);
    }

    @Test
    void anExactlyFullLastPageHasNoNext() {
        var all = List.of(Uuid7.next());
        assertNull(pageOf(all, PageRequest.of("1", null)).nextCursor());
    }

    @Test
    void whatIsNotSaidIsFiftyFromTheBeginning() {
        assertEquals(new PageRequest(50, Optional.empty()), PageRequest.of(null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "201", "1000", "1.5", "1e1", "ten", "", " 5", "+5", "\u0665"})
    void aLimitOutOfItsRangeIsRefusedByName(String limit) {
        var problem = assertThrows(Problem.class, () -> PageRequest.of(limit, null));
        assertEquals("limit", problem.errors().getFirst().field());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not base64!", "bm8gdXVpZA", "AAAA", "\u00e9"})
    void aCursorOfAnotherMakeIsRefusedByName(String cursor) {
        var problem = assertThrows(Problem.class, () -> PageRequest.of(null, cursor));
        assertEquals("cursor", problem.errors().getFirst().field());
    }

    private static Page<UUID> pageOf(List<UUID> all, PageRequest request) {
        var rows = all.stream()
                .filter(id ->
                        request.after().map(after -> id.compareTo(after) < 0).orElse(true))
                .limit(request.limit() + 1L)
                .toList();
        return request.page(rows, id -> id, id -> id);
    }
}
