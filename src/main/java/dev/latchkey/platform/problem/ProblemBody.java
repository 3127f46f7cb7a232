package dev.latchkey.platform.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JSON of a problem (RFC 9457, section 3), its members in the order in which people read them. */
public final class ProblemBody {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** Where libraries of OAuth call, which look for its words. */
    private static final String OAUTH = "/oauth2/";

    private static final String JSON = "application/json";

    private ProblemBody() {}

    /** Of the answer. Libraries of OAuth accept plain JSON and nothing else, and read no error in another type (RFC 6749, section 5.2). */
    public static String mediaType(String instance, @Nullable String accept) {
        return instance.startsWith(OAUTH) && accept != null && acceptsOnlyJson(accept) ? JSON : MEDIA_TYPE;
    }

    /** @param instance the path of the request, without its query; neither that nor a credential in the path is repeated */
    public static Map<String, Object> of(Problem problem, String instance) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", problem.code().type());
        body.put("title", problem.code().title());
        body.put("status", problem.code().status());
        body.put("detail", problem.detail());
        body.put("instance", CredentialShape.hide(instance));
        body.put("code", problem.code().code());
        if (!problem.errors().isEmpty()) {
            body.put("errors", problem.errors());
        }
        body.putAll(problem.members());
        if (instance.startsWith(OAUTH)) {
            body.put("error", OAuthError.of(problem));
            body.put("error_description", OAuthError.description(problem));
        }
        return body;
    }

    private static boolean acceptsOnlyJson(String accept) {
        return Stream.of(accept.split(","))
                .map(range -> range.replaceFirst(";.*", "").strip())
                .allMatch(JSON::equalsIgnoreCase);
    }
}
