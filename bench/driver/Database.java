import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The run's PostgreSQL. */
final class Database {

    private Database() {}

    static Connection connect() throws SQLException {
        return DriverManager.getConnection(
                System.getProperty("quarkus.datasource.jdbc.url"),
                System.getProperty("quarkus.datasource.username"),
                System.getProperty("quarkus.datasource.password"));
    }

    static String value(String sql) throws SQLException {
        try (var connection = connect();
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static long number(String sql) throws SQLException {
        return Long.parseLong(value(sql));
    }

    static void run(String sql) throws SQLException {
        try (var connection = connect()) {
            connection.createStatement().execute(sql);
        }
    }
}
