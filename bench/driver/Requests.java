import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.stream.IntStream;

/** What a load sends, as bytes, one after the other. */
interface Requests {

    byte[] at(long number);

    /** The call about each of the tokens in turn, again and again. */
    static Requests turning(Call call, List<String> tokens) {
        var prepared = IntStream.iterate(0, i -> i < tokens.size(), i -> i + call.step())
                .mapToObj(i -> of(call, tokens.getFirst(), tokens.get(i), call.body(tokens, i)))
                .toArray(byte[][]::new);
        return number -> prepared[(int) (number % prepared.length)];
    }

    static byte[] of(Call call, String gateway, String token, String body) {
        var credential = call.credential(gateway, token);
        var head = call.method() + ' ' + call.path() + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                + (credential.isEmpty() ? "" : "Authorization: Bearer " + credential + "\r\n")
                + (body.isEmpty()
                        ? ""
                        : "Content-Type: " + Http.contentType(body) + "\r\nContent-Length: " + body.length() + "\r\n");
        return (head + "\r\n" + body).getBytes(ISO_8859_1);
    }
}
