package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.local.TestServices;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;

/** The database of another service, in the PostgreSQL of the tests. */
public record OtherDatabase(OwnDatabase database) {

    /** @param tables the statements that create what the other service has */
    public static OtherDatabase create(String name, String tables) {
        var database = new OtherDatabase(OwnDatabase.create(name));
        database.execute(tables);
        return database;
    }

    public void execute(String sql) {
        var settings = TestServices.settings();
        var url = settings.getOrDefault("quarkus.datasource.jdbc.url", "");
        try (var connection = DriverManager.getConnection(
                        url.replaceFirst("/[^/?]+(\\?|$)", "/" + database.name() + "$1"), user(), password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As SQLAlchemy has it, with every byte of the password written as its code. */
    public String url() {
        var at = at();
        var secret = HexFormat.of().withPrefix("%").formatHex(password().getBytes(UTF_8));
        return "postgresql+asyncpg://%s:%s@%s:%d/%s"
                .formatted(user(), secret, at.getHost(), at.getPort(), database.name());
    }

    /** As psql has it. */
    public Map<String, String> variables() {
        var at = at();
        return Map.of(
                "PGHOST", at.getHost(),
                "PGPORT", Integer.toString(at.getPort()),
                "PGUSER", user(),
                "PGPASSWORD", password(),
                "PGDATABASE", database.name());
    }

    public static String password() {
        return TestServices.settings().getOrDefault("quarkus.datasource.password", "");
    }

    private static String user() {
        return TestServices.settings().getOrDefault("quarkus.datasource.username", "");
    }

    private static URI at() {
        return URI.create(TestServices.settings()
                .getOrDefault("quarkus.datasource.jdbc.url", "")
                .substring("jdbc:".length()));
    }
}
