package dev.latchkey.platform.startup;

import io.quarkus.arc.All;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Runs every check: of the settings before the database is migrated, and of the database before anything else of ours starts. */
@ApplicationScoped
class StartupChecks implements FlywayConfigurationCustomizer {

    private static final int BEFORE_ALL_OTHERS = 1;

    private final List<StartupCheck> checks;
    private final Scheduler scheduler;

    StartupChecks(@All List<StartupCheck> checks, Scheduler scheduler) {
        this.checks = checks;
        this.scheduler = scheduler;
    }

    /** Flyway asks before it connects. */
    @Override
    public void customize(FluentConfiguration configuration) {
        check(StartupCheck::faults);
    }

    void start(@Observes @Priority(BEFORE_ALL_OTHERS) StartupEvent event) {
        // Again: where another job migrates, Flyway has not asked.
        check(StartupCheck::faults);
        check(StartupCheck::faultsWithDatabase);
        // Scheduled work waits for this (quarkus.scheduler.start-mode).
        scheduler.resume();
    }

    private void check(Function<StartupCheck, List<StartupFault>> ask) {
        if (!LaunchMode.current().isDevOrTest()) {
            refuseFaults(
                    checks.stream().flatMap(check -> ask.apply(check).stream()).toList());
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
