package dev.latchkey.botimport;

import com.macasaet.fernet.Key;
import com.macasaet.fernet.Token;
import dev.latchkey.bot.BotApi;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** The service knows two keys of another one, the newer first, and calls a Bot API of the tests. */
public final class FernetKeys implements QuarkusTestProfile {

    private static final String NEWER = "bmV3ZXIta2V5LW9mLXRoZS1vdGhlci1zZXJ2aWNlISE=";

    /** What most columns are sealed with. */
    private static final String OLDER = "b2xkZXIta2V5LW9mLXRoZS1vdGhlci1zZXJ2aWNlLi4=";

    /** One that the service does not know. */
    private static final String FOREIGN = "c29tZS1rZXktdGhhdC1ub2JvZHktdG9sZC11cy0uLi4=";

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<>(new BotApi().getConfigOverrides());
        settings.put("latchkey.bots.fernet-key", NEWER + "," + OLDER);
        return settings;
    }

    /** As the other service seals a column. */
    static String sealed(String text) {
        return sealedBy(OLDER, text);
    }

    static String sealedByNewer(String text) {
        return sealedBy(NEWER, text);
    }

    static String sealedByForeign(String text) {
        return sealedBy(FOREIGN, text);
    }

    static boolean isIn(String text) {
        return text.contains(NEWER) || text.contains(OLDER);
    }

    private static String sealedBy(String key, String text) {
        return Token.generate(new Key(key), text).serialise();
    }
}
