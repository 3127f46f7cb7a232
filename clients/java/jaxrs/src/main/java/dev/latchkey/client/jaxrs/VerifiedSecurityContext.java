package dev.latchkey.client.jaxrs;

import dev.latchkey.client.Verification;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** Who was let in: the credential is the principal, and its scopes are what it may do. */
record VerifiedSecurityContext(Verification verification, SecurityContext before) implements SecurityContext {

    @Override
    public Principal getUserPrincipal() {
        var name = verification.keyId().orElse("unverified");
        return () -> name;
    }

    @Override
    public boolean isUserInRole(String role) {
        return verification.scopes().contains(role)
                || verification.role().filter(role::equals).isPresent();
    }

    @Override
    public boolean isSecure() {
        return before != null && before.isSecure();
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }
}
