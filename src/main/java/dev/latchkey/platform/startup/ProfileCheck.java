package dev.latchkey.platform.startup;

import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The settings of development and of tests, which lift limits, stay there. */
@ApplicationScoped
class ProfileCheck implements StartupCheck {

    @Override
    public List<StartupFault> faults() {
        return ConfigUtils.getProfiles().stream()
                .filter(profile -> profile.equals("dev") || profile.equals("test"))
                .map(profile -> new StartupFault(
                        "QUARKUS_PROFILE",
                        "is \"" + profile + "\", whose settings are made for the developer's machine",
                        "Leave it out."))
                .toList();
    }
}
