package dev.latchkey.platform.startup;

import java.util.List;

/** Looks at settings before the first request. */
public interface StartupCheck {

    /** All that is dangerous in the settings themselves; empty if nothing is. Asked before anything is connected to or changed. */
    default List<StartupFault> faults() {
        return List.of();
    }

    /** All that is dangerous in view of what the database holds. Asked when it is migrated, and if nothing else was found. */
    default List<StartupFault> faultsWithDatabase() {
        return List.of();
    }
}
