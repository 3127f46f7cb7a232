package dev.latchkey.platform.startup;

import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.stream.Collectors;

/** Runs every check before anything else of ours starts. */
@ApplicationScoped
class StartupChecks {

    private static final int BEFORE_ALL_OTHERS = 1;

    private final List<StartupCheck> checks;

    StartupChecks(@All List<StartupCheck> checks) {
        this.checks = checks;
    }

    void start(@Observes @Priority(BEFORE_ALL_OTHERS) StartupEvent event) {
        if (!LaunchMode.current().isDevOrTest()) {
            refuseFaults(
                    checks.stream().flatMap(check -> check.faults().stream()).toList());
        }
    }

    /** @throws ConfigurationException listing the faults, if there are any; of it, only the message is shown */
    static void refuseFaults(List<StartupFault> faults) {
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults.stream()
                    .map(fault -> "\n  - " + fault)
                    .collect(Collectors.joining(
                            "", "Latchkey does not start, because these settings are dangerous:", "")));
        }
    }
}
