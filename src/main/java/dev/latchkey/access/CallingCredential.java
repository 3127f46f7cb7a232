package dev.latchkey.access;

import dev.latchkey.credential.Credential;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The credential with which a caller came, for who needs to know more of it than a {@code Caller} tells. */
public final class CallingCredential {

    private CallingCredential() {}

    /** Empty for sessions, and for anonymous calls. */
    public static Optional<Credential> of(RoutingContext context) {
        return Admission.find(context).flatMap(Admission::credential);
    }
}
