package dev.latchkey.decision;

import io.vertx.core.impl.ContextInternal;
import org.jspecify.annotations.Nullable;

/** Brings an answer back to whoever asked for it: a trip returns on the thread of whoever it began with. */
final class Returns {

    private Returns() {}

    static void to(@Nullable ContextInternal caller, Runnable answer) {
        if (caller == null) {
            answer.run();
        } else if (caller.isEventLoopContext() && caller.nettyEventLoop().inEventLoop()) {
            caller.dispatch(answer);
        } else {
            caller.runOnContext(nothing -> answer.run());
        }
    }
}
