package dev.latchkey.identity;

import dev.latchkey.platform.id.Uuid7;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** To whom things belong. */
@Entity
@Table(name = "tenants")
class Tenant extends PanacheEntityBase {

    @Id
    UUID id;

    String name;
    Instant createdAt;

    static Tenant named(String name, Instant now) {
        var tenant = new Tenant();
        tenant.id = Uuid7.next();
        tenant.name = name;
        tenant.createdAt = now;
        return tenant;
    }
}
