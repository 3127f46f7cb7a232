package dev.latchkey.telegram;

import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The Bot API's address is one that calls can be made from. */
@ApplicationScoped
class TelegramCheck implements StartupCheck {

    private final TelegramConfig config;

    TelegramCheck(TelegramConfig config) {
        this.config = config;
    }

    @Override
    public List<StartupFault> faults() {
        return Place.of(config.url()).isPresent()
                ? List.of()
                : List.of(new StartupFault(
                        "LATCHKEY_TELEGRAM_URL",
                        "is no http or https URL, or has user information, a query or a fragment",
                        "Leave it out, or name the server alone, such as https://bot-api.example.com."));
    }
}
