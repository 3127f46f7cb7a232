package dev.latchkey.oauthimport;

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
class ImportLines {

    private static final int MOST = 500;

    private final ObjectMapper json;

    ImportLines(ObjectMapper json) {
        this.json = json;
    }

    /**
     * The clients by the numbers of their lines, which count from 1, blank ones too.
     *
     * @throws Problem {@code validation_failed}, naming each line that cannot be read
     */
    SortedMap<Integer, ImportedClient> read(String document) {
        var faults = new ImportFaults(CommonProblem.VALIDATION_FAILED);
        var clients = new TreeMap<Integer, ImportedClient>();
        var number = 0;
        for (var line : document.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                try {
                    clients.put(number, client(line));
                } catch (JsonProcessingException e) {
                    faults.add(number, JsonProblems.of(e));
                } catch (Problem e) {
                    faults.add(number, e);
                }
            }
        }
        faults.raise();
        if (clients.isEmpty() || clients.size() > MOST) {
            throw notOne("The document must have 1 to " + MOST + " clients");
        }
        return clients;
    }

    private ImportedClient client(String line) throws JsonProcessingException {
        return Optional.ofNullable(json.readValue(line, ImportedClient.class))
                .orElseThrow(() -> notOne("The line holds null"));
    }

    private static Problem notOne(String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED, detail);
    }
}
