package dev.latchkey.platform.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What goes into the body of a request, or behind the question mark of an address. */
public final class FormBody {

    private final Map<String, String> parameters = new LinkedHashMap<>();

    public FormBody with(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    public FormBody copy() {
        var copy = new FormBody();
        copy.parameters.putAll(parameters);
        return copy;
    }

    public String encoded() {
        return parameters.entrySet().stream()
                .map(one -> encode(one.getKey()) + "=" + encode(one.getValue()))
                .collect(Collectors.joining("&"));
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
