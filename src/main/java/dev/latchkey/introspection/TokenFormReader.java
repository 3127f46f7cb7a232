package dev.latchkey.introspection;

import dev.latchkey.platform.form.Form;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Not the form reader of Quarkus: that one skips what it cannot decode, takes the first of two, and has limits of its own. */
@Provider
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
class TokenFormReader implements MessageBodyReader<TokenForm> {

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == TokenForm.class;
    }

    @Override
    public TokenForm readFrom(
            Class<TokenForm> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return TokenForm.of(Form.parse(body.readAllBytes()));
    }
}
