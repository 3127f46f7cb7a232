package dev.latchkey.api;

import dev.latchkey.local.TestServices;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fresh database in the PostgreSQL of the tests, and one in their Redis, for processes that do to them what others would suffer from, or
 * whose events others would take.
 *
 * @param number of the Redis database; others have 0
 */
public record OwnDatabase(String name, int number) {

    // Redis has 16. Far fewer are in use at the same time, so that the oldest is emptied and used again.
    private static final int NUMBERS = 15;
    private static final AtomicInteger CREATED = new AtomicInteger();

    public static OwnDatabase create(String name) {
        execute("create database " + name);
        var number = 1 + CREATED.getAndIncrement() % NUMBERS;
        RedisKeys.removeAll(number);
        return new OwnDatabase(name, number);
    }

    /** What makes a process use it, and these settings besides. */
    public Map<String, String> settings(Map<String, String> others) {
        var settings = new HashMap<>(others);
        settings.put("quarkus.datasource.jdbc.url", url());
        settings.putIfAbsent("quarkus.redis.hosts", TestServices.redis() + "/" + number);
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
