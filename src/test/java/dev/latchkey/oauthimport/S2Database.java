package dev.latchkey.oauthimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.api.OwnDatabase;
import dev.latchkey.local.TestServices;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;

/** A database as S2 has one, in the PostgreSQL of the tests. */
record S2Database(OwnDatabase database) {

    private static final String TABLES = """
            create table clients (
                id serial primary key, client_id varchar(255) not null unique, client_secret varchar(255) not null,
                redirect_uri varchar(500) not null, branch_id varchar(100) not null, workspace_email varchar(255), workspace_name varchar(255),
                is_active boolean default true, created_at timestamp default now(), updated_at timestamp with time zone default now());
            create table tokens (
                id serial primary key, client_id integer not null references clients (id), access_token text not null, refresh_token text,
                token_type varchar(50) default 'Bearer', scope text, expires_at timestamp, is_valid boolean default true,
                is_revoked boolean default false, last_refreshed_at timestamp, created_at timestamp default now())""";

    static S2Database create(String name) {
        var database = new S2Database(OwnDatabase.create(name));
        database.execute(TABLES);
        return database;
    }

    void execute(String sql) {
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
    String url() {
        var at = at();
        var secret = HexFormat.of().withPrefix("%").formatHex(password().getBytes(UTF_8));
        return "postgresql+asyncpg://%s:%s@%s:%d/%s"
                .formatted(user(), secret, at.getHost(), at.getPort(), database.name());
    }

    /** As psql has it. */
    Map<String, String> variables() {
        var at = at();
        return Map.of(
                "PGHOST", at.getHost(),
                "PGPORT", Integer.toString(at.getPort()),
                "PGUSER", user(),
                "PGPASSWORD", password(),
                "PGDATABASE", database.name());
    }

    static String password() {
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
