package dev.latchkey.platform.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code application/x-www-form-urlencoded}, read strictly. */
class FormTest {

    @Test
    void namesAndValuesAreDecoded() {
        assertEquals(
                Map.of("a", "1 2", "b b", "x=y&z", "\u00e9", "\u20ac"),
                parse("a=1+2&b%20b=x=y%26z&%c3%a9=%E2%82%AC").parameters());
    }

    @Test
    void whatHasNoValueDidNotCome() {
        assertEquals(Map.of(), parse("").parameters());
        assertEquals(Map.of("a", "1"), parse("&a=1&b=&c&&=x&").parameters());
    }

    @Test
    void whatComesTwiceIsRefusedWithOrWithoutAValue() {
        for (var body : List.of("a=1&a=1", "a&a", "a=1&a", "a=1&%61=2")) {
            assertEquals(CommonProblem.INVALID_REQUEST, refusal(body).code(), body);
        }
    }

    @Test
    void whatIsMalformedIsRefusedAndNotRepeated() {
        for (var body : List.of("secret=%", "secret=%2", "secret=%g0", "%zz=secret", "secret=%ff", "%c3%28=secret")) {
            var refusal = refusal(body);
            assertEquals(CommonProblem.INVALID_REQUEST, refusal.code(), body);
            assertFalse(String.valueOf(refusal.getMessage()).contains("secret"), body);
        }
        var bytes = new byte[] {'a', '=', (byte) 0xff};
        assertThrows(Problem.class, () -> Form.parse(bytes));
    }

    @Test
    void aFormDoesNotShowWhatIsInIt() {
        assertFalse(parse("token=secret").toString().contains("secret"));
    }

    @Test
    void oneValueAlone() {
        assertEquals(Optional.of("a_b c"), Form.decode("a%5Fb+c"));
        assertEquals(Optional.empty(), Form.decode("%-1"));
        assertEquals(Optional.empty(), Form.decode("%+1"));
    }

    private static Problem refusal(String body) {
        return assertThrows(Problem.class, () -> parse(body), body);
    }

    private static Form parse(String body) {
        return Form.parse(body.getBytes(UTF_8));
    }
}
