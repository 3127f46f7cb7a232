package dev.latchkey.local;

import java.util.Map;

/** A service that is up and answers. */
sealed interface LocalService extends AutoCloseable permits LocalPostgres, LocalRedis {

    /** Quarkus' settings that lead to it. */
    Map<String, String> settings();

    /** One line for people: where it listens, and the command that opens it. */
    String greeting();

    /** Stops it in good order and returns when it is gone. */
    @Override
    void close();
}
