package dev.latchkey.platform.startup;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operator learns of everything at the first attempt. */
class StartupChecksTest {

    @Test
    void allFaultsAreListedWithTheirRemedies() {
        var faults = List.of(
                new StartupFault("JWT_ISSUER", "is no URL", "Set it to one."),
                new StartupFault("LATCHKEY_KEYSET", "is missing", "Make one."));
        var refusal = assertThrows(ConfigurationException.class, () -> StartupChecks.refuseFaults(faults));
        assertEquals("""
                Latchkey does not start, because these settings are dangerous:
                  - JWT_ISSUER is no URL. Set it to one.
                  - LATCHKEY_KEYSET is missing. Make one.""", refusal.getMessage());
    }

    @Test
    void withoutFaultsNothingIsSaid() {
        assertDoesNotThrow(() -> StartupChecks.refuseFaults(List.of()));
    }
}
