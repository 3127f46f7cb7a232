package dev.latchkey.platform.crypto;

import java.util.List;

/**
 * A table with sealed columns. Its {@code key_id} names the key of all of them, row by row, and is null where none is filled. Each
 * feature produces one bean for each such table: what is produced is counted, re-sealed, and needed at start.
 *
 * @param key the column whose text is the row of the {@link Place}; unique
 */
public record SealedTable(String name, String key, List<String> columns) {

    public SealedTable {
        columns = List.copyOf(columns);
    }

    public static SealedTable of(String name, String key, String... columns) {
        return new SealedTable(name, key, List.of(columns));
    }

    /** The place of the only sealed column in the row. */
    public Place place(Object row) {
        return place(columns.getFirst(), row);
    }

    public Place place(String column, Object row) {
        return new Place(name, column, row.toString());
    }
}
