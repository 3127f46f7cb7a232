package dev.latchkey.platform.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.JsonProblems;
import dev.latchkey.platform.problem.Problem;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads lines of JSON, as strictly as bodies. */
@Singleton
public class JsonLines {

    /** What their documents are sent as. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    private static final int MOST = 500;

    private final ObjectMapper json;

    JsonLines(ObjectMapper json) {
        this.json = json;
    }

    /**
     * The things by the numbers of their lines, which count from 1, blank ones too.
     *
     * @param thing what a line is, in one word
     * @throws Problem {@code validation_failed}, naming each line that cannot be read
     */
    public <T> SortedMap<Integer, T> read(String document, Class<T> type, String thing) {
        var faults = new LineFaults(CommonProblem.VALIDATION_FAILED, thing);
        var things = new TreeMap<Integer, T>();
        var number = 0;
        for (var line : document.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                try {
                    things.put(number, one(line, type));
                } catch (JsonProcessingException e) {
                    faults.add(number, JsonProblems.of(e));
                } catch (Problem e) {
                    faults.add(number, e);
                }
            }
        }
        faults.raise();
        if (things.isEmpty() || things.size() > MOST) {
            throw new Problem(
                    CommonProblem.VALIDATION_FAILED, "The document must have 1 to " + MOST + " " + thing + "s");
        }
        return things;
    }

    private <T> T one(String line, Class<T> type) throws JsonProcessingException {
        return Optional.ofNullable(json.readValue(line, type))
                .orElseThrow(() -> new Problem(CommonProblem.VALIDATION_FAILED, "The line holds null"));
    }
}
