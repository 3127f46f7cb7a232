package dev.latchkey.client.jaxrs;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Lets in only holders of a valid credential with these scopes. On a method, or on a class for all its methods; the method's wins. */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresScopes {

    /**
     * The scopes that the credential must all have.
     *
     * @return none for any valid credential
     */
    String[] value() default {};
}
