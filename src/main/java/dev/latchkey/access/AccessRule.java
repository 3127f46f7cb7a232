package dev.latchkey.access;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Role;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.List;

/**
 * What an endpoint asks of its callers, read from its mark.
 *
 * @param endpoint the path as a template, such as {@code /api/v1/tokens/{id}}
 */
record AccessRule(
        Access.Who who,
        List<String> scopes,
        Role role,
        boolean limited,
        boolean forAnother,
        boolean clientCredentials,
        boolean hashesPassword,
        String endpoint) {

    /** @throws IllegalStateException if neither the method nor its class has a mark */
    static AccessRule of(Class<?> resource, Method method) {
        var mark = method.getAnnotation(Access.class);
        if (mark == null) {
            mark = resource.getAnnotation(Access.class);
        }
        if (mark == null) {
            throw new IllegalStateException("No @Access on " + resource.getSimpleName() + "." + method.getName());
        }
        return new AccessRule(
                mark.value(),
                List.of(mark.scopes()),
                mark.role(),
                mark.limited(),
                mark.forAnother(),
                mark.clientCredentials(),
                mark.hashesPassword(),
                template(resource, method));
    }

    private static String template(Class<?> resource, Method method) {
        var path = segment(resource.getAnnotation(Path.class)) + segment(method.getAnnotation(Path.class));
        // A parameter's pattern is of no use to a reader of reports.
        return path.replaceAll("\\{\\s*(\\w+)\\s*:[^}]*}", "{$1}");
    }

    private static String segment(@org.jspecify.annotations.Nullable Path path) {
        if (path == null || path.value().isEmpty() || path.value().equals("/")) {
            return "";
        }
        return path.value().startsWith("/") ? path.value() : "/" + path.value();
    }
}
