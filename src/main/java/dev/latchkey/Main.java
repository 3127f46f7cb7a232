package dev.latchkey;

import dev.latchkey.local.LocalProblem;
import dev.latchkey.local.LocalStart;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service, and before it, outside native images, the PostgreSQL and the Redis that nobody configured. */
@QuarkusMain
public final class Main {
    public static void main(String... args) {
        if (!ImageMode.current().isNativeImage()) {
            try {
                LocalStart.startWhatIsMissing();
            } catch (LocalProblem problem) {
                System.err.println(problem.getMessage());
                System.exit(1);
            }
        }
        Quarkus.run(args);
    }
}
