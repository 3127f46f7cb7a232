package dev.latchkey.platform.cache;

import io.agroal.api.AgroalDataSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Connections to PostgreSQL beside the pool. Whoever has to hear in time cannot wait for the pool: not in a rush, where the caches would be
 * bypassed and the rush be greater, and not while PostgreSQL is down, which the pool tells each asker in turn.
 */
@Singleton
class DirectConnections {

    private static final String PATIENCE_SECONDS = "2";

    private final String url;
    private final Properties properties = new Properties();

    @Inject
    DirectConnections(AgroalDataSource pool) {
        var factory = pool.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
        url = factory.jdbcUrl();
        properties.putAll(factory.jdbcProperties());
        // As the pool itself does: a principal or a credential is what one of the providers makes of it.
        for (var provider : factory.securityProviders()) {
            putAll(provider.getSecurityProperties(factory.principal()));
            factory.credentials().forEach(credential -> putAll(provider.getSecurityProperties(credential)));
        }
        beImpatient();
    }

    DirectConnections(String url, String user, String password) {
        this.url = url;
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        beImpatient();
    }

    Connection open() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }

    private void putAll(@Nullable Properties found) {
        if (found != null) {
            properties.putAll(found);
        }
    }

    private void beImpatient() {
        for (var patience : new String[] {"connectTimeout", "loginTimeout", "socketTimeout"}) {
            properties.setProperty(patience, PATIENCE_SECONDS);
        }
        properties.setProperty("ApplicationName", "latchkey-invalidations");
    }
}
