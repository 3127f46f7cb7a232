package dev.latchkey.local;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import java.util.Map;

/**
 * Gives every {@code @QuarkusTest} and {@code @QuarkusIntegrationTest} the settings of {@link TestServices}. It stands on
 * itself with global scope, so that test classes need no annotation and share one running application.
 */
@WithTestResource(value = LocalServicesResource.class, scope = TestResourceScope.GLOBAL)
public final class LocalServicesResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return TestServices.settings();
    }

    @Override
    public void stop() {
        // The services outlive this application: the next one in this JVM shares them.
    }
}
