package dev.latchkey;

import dev.latchkey.local.LocalProblem;
import dev.latchkey.local.LocalStart;
import dev.latchkey.platform.crypto.KeysetCommand;
import dev.latchkey.platform.startup.EventLoops;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/** Starts the service, and before it, outside native images, the PostgreSQL and the Redis that nobody configured; or makes keysets. */
@QuarkusMain
public final class Main {
    public static void main(String... args) {
        if (args.length > 0 && args[0].equals("keyset")) {
            var command = new KeysetCommand(System.in, System.out, System.err);
            System.exit(command.run(List.of(args).subList(1, args.length)));
        }
        if (!ImageMode.current().isNativeImage()) {
            try {
                LocalStart.startWhatIsMissing();
            } catch (LocalProblem problem) {
                System.err.println(problem.getMessage());
                System.exit(1);
            }
        }
        EventLoops.set();
        Quarkus.run(args);
    }
}
