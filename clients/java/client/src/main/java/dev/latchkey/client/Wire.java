package dev.latchkey.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Questions and answers as they are on the wire. What is not understood is refused, never guessed; fields that are new are let be. */
final class Wire {

    /** What the feed of changes tells. */
    record Changes(long epoch, boolean reset, List<String> changed) {}

    private Wire() {}

    /** @param cost instead of that of the request */
    static Map<String, Object> question(VerifyRequest request, long cost) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("token", request.token());
        if (!request.scopes().isEmpty()) {
            fields.put("scopes", request.scopes());
        }
        request.permissions().ifPresent(query -> fields.put("permissions", query));
        // What is usual is left out: the service answers the plainest questions fastest.
        if (cost != 1) {
            fields.put("cost", cost);
        }
        if (!request.tags().isEmpty()) {
            fields.put("tags", request.tags());
        }
        request.ip().ifPresent(address -> fields.put("ip", address));
        request.resource().ifPresent(template -> fields.put("resource", template));
        return fields;
    }

    static Map<?, ?> object(byte[] body) {
        try {
            return object(JsonReader.read(body));
        } catch (JsonReader.NotJson e) {
            throw notUnderstood("not JSON: " + e.getMessage());
        }
    }

    static List<Verification> verifications(Map<?, ?> answer, int count) {
        var items = list(answer.get("items"));
        if (items.size() != count) {
            throw notUnderstood(items.size() + " answers to " + count + " questions");
        }
        return items.stream().map(item -> verification(object(item))).toList();
    }

    static Verification verification(Map<?, ?> fields) {
        var valid = bool(fields, "valid");
        var code = code(text(fields, "code").orElseThrow(() -> notUnderstood("no code")));
        if (valid != (code == Verification.Code.VALID)) {
            throw notUnderstood("valid and code contradict each other");
        }
        return new Verification(
                valid,
                code,
                text(fields, "kind"),
                text(fields, "key_id"),
                text(fields, "tenant_id"),
                text(fields, "owner"),
                text(fields, "role"),
                texts(fields, "scopes"),
                text(fields, "expires_at").map(Wire::instant),
                fields.get("metadata") == null ? Map.of() : members(object(fields.get("metadata"))),
                Optional.ofNullable(fields.get("credits")).map(Wire::credits),
                limits(fields.get("rate_limits")),
                texts(fields, "violated_policies"),
                fields.get("retry_after") == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(number(fields, "retry_after")),
                Optional.ofNullable(fields.get("lease")).map(Wire::lease));
    }

    static Changes changes(Map<?, ?> fields) {
        return new Changes(number(fields, "epoch"), bool(fields, "reset"), texts(fields, "changed"));
    }

    /** A member of a problem that is text; empty for anything else. */
    static String word(byte[] body, String name) {
        try {
            return JsonReader.read(body) instanceof Map<?, ?> fields && fields.get(name) instanceof String word
                    ? word
                    : "";
        } catch (JsonReader.NotJson e) {
            return "";
        }
    }

    private static Verification.Code code(String word) {
        for (var code : Verification.Code.values()) {
            if (code.name().equals(word) && code != Verification.Code.UNVERIFIED) {
                return code;
            }
        }
        return Verification.Code.UNKNOWN;
    }

    private static Verification.Credits credits(Object value) {
        var fields = object(value);
        return new Verification.Credits(
                number(fields, "remaining"),
                fields.get("refill") == null ? Map.of() : members(object(fields.get("refill"))));
    }

    private static Verification.Lease lease(Object value) {
        var fields = object(value);
        return new Verification.Lease(
                text(fields, "id").orElseThrow(() -> notUnderstood("no id")),
                text(fields, "expires_at").map(Wire::instant).orElseThrow(() -> notUnderstood("no time")));
    }

    private static List<Verification.RateLimit> limits(Object value) {
        var limits = new ArrayList<Verification.RateLimit>();
        for (var item : value == null ? List.of() : list(value)) {
            var fields = object(item);
            limits.add(new Verification.RateLimit(
                    text(fields, "name").orElseThrow(() -> notUnderstood("no name")),
                    number(fields, "limit"),
                    number(fields, "remaining"),
                    number(fields, "reset")));
        }
        return limits;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw notUnderstood("no time");
        }
    }

    private static Map<?, ?> object(Object value) {
        if (value instanceof Map<?, ?> fields) {
            return fields;
        }
        throw notUnderstood("no object");
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> items) {
            return items;
        }
        throw notUnderstood("no array");
    }

    private static Map<String, Object> members(Map<?, ?> fields) {
        var members = new LinkedHashMap<String, Object>();
        fields.forEach((name, value) -> members.put((String) name, value));
        return members;
    }

    private static Optional<String> text(Map<?, ?> fields, String name) {
        var value = fields.get(name);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw notUnderstood(name + " is no text");
    }

    private static List<String> texts(Map<?, ?> fields, String name) {
        var texts = new ArrayList<String>();
        for (var item : fields.get(name) == null ? List.of() : list(fields.get(name))) {
            if (!(item instanceof String text)) {
                throw notUnderstood(name + " holds what is no text");
            }
            texts.add(text);
        }
        return texts;
    }

    private static long number(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Long number) {
            return number;
        }
        throw notUnderstood(name + " is no whole number");
    }

    private static boolean bool(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Boolean bool) {
            return bool;
        }
        throw notUnderstood(name + " is not true or false");
    }

    private static LatchkeyException notUnderstood(String what) {
        return new LatchkeyException("The answer is not understood: " + what);
    }
}
