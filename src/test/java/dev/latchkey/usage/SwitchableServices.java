package dev.latchkey.usage;

import dev.latchkey.credit.CreditLedger;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.RedisAvailability;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A meter for which Redis is away, and PostgreSQL as the test wants it. */
@ApplicationScoped
public class SwitchableServices {

    private final DataSource database;
    private final CreditLedger ledger;
    private final RedisAvailability availability;
    private final Keyspaces keyspaces;
    private final Vertx vertx;
    private volatile boolean away;

    SwitchableServices(
            DataSource database,
            CreditLedger ledger,
            RedisAvailability availability,
            Keyspaces keyspaces,
            Vertx vertx) {
        this.database = database;
        this.ledger = ledger;
        this.availability = availability;
        this.keyspaces = keyspaces;
        this.vertx = vertx;
    }

    public void postgresAway(boolean isAway) {
        away = isAway;
    }

    public Meter meterWithoutRedis(SimpleMeterRegistry metrics) {
        var source = database();
        return new Meter(
                Redis.createClient(vertx, "redis://127.0.0.1:1"),
                availability,
                keyspaces,
                new EventStore(source, metrics),
                new ChunkStore(source, ledger, metrics),
                metrics);
    }

    private DataSource database() {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (away) {
                throw new SQLException("away", "08001");
            }
            try {
                return method.invoke(database, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (DataSource) Proxy.newProxyInstance(
                SwitchableServices.class.getClassLoader(), new Class<?>[] {DataSource.class}, handler);
    }
}
