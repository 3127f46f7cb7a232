package dev.latchkey.introspection;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.Form;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;

/**
 * The form of both endpoints (RFC 7662, section 2.1; RFC 7009, section 2.1). A hint is not needed to tell one kind from another, and
 * neither it nor a parameter that we do not know is looked at.
 */
@Schema(
        requiredProperties = "token",
        properties = {
            @SchemaProperty(name = "token", type = SchemaType.STRING, description = "The text of the credential"),
            @SchemaProperty(
                    name = "token_type_hint",
                    type = SchemaType.STRING,
                    description = "Any: it is not needed, and not looked at")
        })
record TokenForm(Secret token) {

    /** Ways to authenticate that this service does not offer: with the credential of the header they would be a second one. */
    private static final List<String> CREDENTIALS = List.of("client_secret", "client_assertion", "access_token");

    /** @throws Problem {@code invalid_request} if the token is missing, or a credential of the caller is in it */
    static TokenForm of(Form form) {
        if (CREDENTIALS.stream().anyMatch(form::has)) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "The request holds more than one credential: the caller's own comes in a header");
        }
        return new TokenForm(new Secret(form.require("token")));
    }
}
