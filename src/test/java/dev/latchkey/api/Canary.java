package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A secret that was given to the service or came from it, and must be found nowhere.
 *
 * @param kind what it is, for a report that does not repeat it
 * @param text the part of it that is secret: without what is shown of it by design
 */
record Canary(String kind, String text) {

    private static final int TOKEN_SHOWN = 12;
    private static final int REPORTED_MAX = 5;

    static Canary ofPassword(String password) {
        return new Canary("password", password);
    }

    static Canary ofToken(String token) {
        return new Canary("API token", token.substring(TOKEN_SHOWN));
    }

    static Canary ofRefreshToken(String token) {
        return new Canary("refresh token", token);
    }

    /** Its header and its claims are no secret: without its signature they open nothing. */
    static Canary ofSession(String jwt) {
        return new Canary("session", jwt.substring(jwt.lastIndexOf('.') + 1));
    }

    /** Of either version: a JWT, or an opaque text of which nothing is shown. */
    static Canary ofApiKey(String text) {
        return new Canary("API key", text.startsWith("eyJ") ? text.substring(text.lastIndexOf('.') + 1) : text);
    }

    /** As it is, and in each coding from which anybody could read it back. A digest is none. */
    Set<String> forms() {
        var forms = new TreeSet<String>();
        var bytes = text.getBytes(UTF_8);
        forms.add(text);
        forms.add(URLEncoder.encode(text, UTF_8));
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (var before = 0; before < 3; before++) {
            forms.add(inBase64(Base64.getEncoder(), bytes, before));
            forms.add(inBase64(Base64.getUrlEncoder(), bytes, before));
        }
        return forms;
    }

    boolean isIn(String sink) {
        return forms().stream().anyMatch(sink::contains);
    }

    /** Where a text holds the kinds it must not: the kind, and what stands around it. */
    static List<String> found(List<Canary> canaries, String sink) {
        // By how they begin, so that a text of many megabytes is gone through once and not for each form.
        var kinds = new HashMap<String, String>();
        canaries.forEach(canary -> canary.forms().forEach(form -> kinds.put(form, canary.kind())));
        var shortest = kinds.keySet().stream().mapToInt(String::length).min().orElse(1);
        var forms = kinds.keySet().stream().collect(groupingBy(form -> form.substring(0, shortest)));
        return IntStream.rangeClosed(0, sink.length() - shortest)
                .boxed()
                .flatMap(at -> forms.getOrDefault(sink.substring(at, at + shortest), List.of()).stream()
                        .filter(form -> sink.startsWith(form, at))
                        .map(form -> kinds.get(form) + " in ..." + surroundings(sink, at, form.length())))
                .distinct()
                .limit(REPORTED_MAX)
                .toList();
    }

    private static String surroundings(String sink, int at, int length) {
        var end = at + length;
        return sink.substring(Math.max(0, at - 200), at).replaceAll("\\s+", " ")
                + "<HERE>"
                + sink.substring(end, Math.min(sink.length(), end + 60)).replaceAll("\\s+", " ");
    }

    // Within a longer text its Base64 depends on how many bytes stand before it; what is cut off belongs to its
    // neighbours too.
    private static String inBase64(Base64.Encoder encoder, byte[] bytes, int before) {
        var shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        var text = encoder.withoutPadding().encodeToString(shifted);
        return text.substring(before == 0 ? 0 : before + 1, shifted.length * 8 / 6);
    }
}
