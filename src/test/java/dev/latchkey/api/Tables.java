package dev.latchkey.api;

import dev.latchkey.local.TestServices;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The database behind the service, for tests of what is in it and what is not. */
public final class Tables {

    // What changes by itself or by every call: metering, the count of failed logins, changes on their way to Redis, the
    // watch over the audit log.
    private static final String KEPT_BY_CALLS_ONLY = "tablename !~ '^(flyway|usage_|token_usage_events|login_failures"
            + "|platform_invalidations|audit_checkpoints|audit_verdicts)'";

    private Tables() {}

    /** A digest of each table's rows: equal before and after whatever wrote nothing. */
    static Map<String, String> contents() {
        return read(connection -> {
            var contents = new TreeMap<String, String>();
            for (var table : names(connection, KEPT_BY_CALLS_ONLY)) {
                contents.put(
                        table,
                        single(
                                connection,
                                "select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') from "
                                        + table + " t"));
            }
            return contents;
        });
    }

    /** The tables in which some row shows the text, in any column. */
    static List<String> thatHold(String text) {
        return read(connection -> {
            var holders = new ArrayList<String>();
            for (var table : names(connection, "true")) {
                try (var statement =
                        connection.prepareStatement("select 1 from " + table + " t where position(? in t::text) > 0")) {
                    statement.setString(1, text);
                    if (statement.executeQuery().next()) {
                        holders.add(table);
                    }
                }
            }
            return holders;
        });
    }

    /** Every column of every row of every table, bytes in hex. */
    public static String everything() {
        return read(connection -> {
            var all = new StringBuilder();
            for (var table : names(connection, "true")) {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("select t::text from " + table + " t")) {
                    while (row.next()) {
                        all.append(table).append(' ').append(row.getString(1)).append('\n');
                    }
                }
            }
            return all.toString();
        });
    }

    /** Changes rows behind the service's back. */
    public static void change(String sql, String... parameters) {
        read(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (var i = 0; i < parameters.length; i++) {
                    statement.setString(i + 1, parameters[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    /** Changes what triggers protect, as the owner of the tables can. */
    static void changeFreely(String sql, String parameter) {
        read(connection -> {
            try (var session = connection.createStatement();
                    var statement = connection.prepareStatement(sql)) {
                session.execute("set session_replication_role = replica");
                statement.setString(1, parameter);
                return statement.executeUpdate();
            }
        });
    }

    /** The first column of the first row, as text. */
    public static String value(String sql) {
        return read(connection -> single(connection, sql));
    }

    /** The first column of all rows, as text. */
    public static List<String> values(String sql) {
        return read(connection -> {
            var values = new ArrayList<String>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                while (row.next()) {
                    values.add(row.getString(1));
                }
            }
            return values;
        });
    }

    private static List<String> names(Connection connection, String condition) throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select tablename from pg_tables where schemaname = 'public' and " + condition)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    private static <T> T read(Reading<T> reading) {
        try (var connection = TestServices.postgres().getConnection()) {
            return reading.read(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
