package dev.latchkey.platform.startup;

import java.util.List;

/** Looks at settings before the first request. */
public interface StartupCheck {

    /** All that is dangerous; empty if nothing is. */
    List<StartupFault> faults();
}
