package dev.latchkey.api;

import dev.latchkey.local.TestServices;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A fresh database in the PostgreSQL of the tests, for processes that do to it what others would suffer from. */
public record OwnDatabase(String name) {

    public static OwnDatabase create(String name) {
        execute("create database " + name);
        return new OwnDatabase(name);
    }

    /** What makes a process use it, and these settings besides. */
    public Map<String, String> settings(Map<String, String> others) {
        var settings = new HashMap<>(others);
        settings.put("quarkus.datasource.jdbc.url", url());
        return settings;
    }

    /** The first column of the first row, as text. */
    public String value(String sql) {
        var shared = TestServices.settings();
        try (var connection = java.sql.DriverManager.getConnection(
                        url(), shared.get("quarkus.datasource.username"), shared.get("quarkus.datasource.password"));
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql) {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String url() {
        var shared = TestServices.settings().getOrDefault("quarkus.datasource.jdbc.url", "");
        return shared.replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1");
    }
}
