package dev.latchkey.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TestServicesTest {

    @Inject
    DataSource dataSource;

    @Inject
    RedisDataSource redis;

    @Inject
    @ConfigProperty(name = "latchkey.keyset")
    String keyset;

    @Test
    void everyQuarkusTestHasARealPostgresAndARealRedisWithoutAskingForThem() throws SQLException {
        try (var connection = dataSource.getConnection()) {
            assertEquals(17, connection.getMetaData().getDatabaseMajorVersion());
        }
        assertEquals("PONG", redis.execute("PING").toString());
        assertTrue(keyset.contains("AesGcmKey"));
    }

    @Test
    void aTestWithoutQuarkusSharesThem() throws SQLException {
        try (var ours = TestServices.postgres().getConnection();
                var theirs = dataSource.getConnection()) {
            assertEquals(startedAt(theirs), startedAt(ours));
        }
    }

    private static String startedAt(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_postmaster_start_time() || inet_server_port()::text")) {
            assertTrue(row.next());
            return row.getString(1);
        }
    }
}
