package dev.latchkey.platform.caller;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Who may call an endpoint. Every resource method carries one, itself or through its class (the method's wins); a test
 * fails where one is missing, and the access filter refuses such a method.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Access {

    /** What kind of caller is let in. */
    Who value() default Who.ANY;

    /** Scopes that the caller must all have; a session has those of its user's role. */
    String[] scopes() default {};

    /** The least role of a session. Credentials never pass a role above {@code guest}. */
    Role role() default Role.GUEST;

    /** Whether the call counts against limits. Only what machines poll for health is not limited. */
    boolean limited() default true;

    /**
     * Whether the call is made for the sake of another credential, whose limits it uses and whose usage it is: the caller's own limits
     * are touched only if it is refused, and its usage shows one such call a minute.
     */
    boolean forAnother() default false;

    /** Whether HTTP Basic is understood: the id of a credential and its text (RFC 6749, section 2.3.1). Elsewhere it counts as nothing. */
    boolean clientCredentials() default false;

    /** Whether a call takes the work of hashing a password: it counts against a limit of its own as well. */
    boolean hashesPassword() default false;

    enum Who {
        /** Everyone. A credential that is sent is not looked at: an expired one must not keep its owner from logging in. */
        PUBLIC,
        /** Everyone; whoever sends a credential is known by it, and refused if it is not valid. */
        ANYONE,
        /** Any authenticated caller. */
        ANY,
        /** A logged-in user. */
        USER,
        /** A credential of any kind. */
        CREDENTIAL
    }
}
