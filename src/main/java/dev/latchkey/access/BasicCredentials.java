package dev.latchkey.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.access.PresentedCredential.Way;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.Form;
import java.util.Base64;

/** Client credentials in HTTP Basic: id and text, each encoded as in a form, with a colon between (RFC 6749, section 2.3.1; RFC 7617). */
final class BasicCredentials {

    private static final PresentedCredential UNREADABLE = new PresentedCredential(new Secret(""), Way.BASIC, "");

    private BasicCredentials() {}

    /** What cannot be read is nobody's credential, and all the same one that came. */
    static PresentedCredential read(String encoded) {
        try {
            var pair = new String(Base64.getDecoder().decode(encoded), UTF_8).split(":", 2);
            var id = Form.decode(pair[0]);
            var text = Form.decode(pair.length < 2 ? "" : pair[1]);
            return id.isPresent() && text.isPresent()
                    ? new PresentedCredential(new Secret(text.get()), Way.BASIC, id.get())
                    : UNREADABLE;
        } catch (IllegalArgumentException e) {
            return UNREADABLE;
        }
    }
}
