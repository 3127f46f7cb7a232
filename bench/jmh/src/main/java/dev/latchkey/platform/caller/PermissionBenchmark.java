package dev.latchkey.platform.caller;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading a permission query, and answering it. */
@State(Scope.Benchmark)
public class PermissionBenchmark {

    private static final String TEXT = "read:audits AND (write:audits OR write:webhooks)";

    private final Scopes granted = Scopes.of("read:*", "write:webhooks", "verify:tokens");
    private PermissionQuery query = PermissionQuery.NOTHING;

    @Setup
    public void read() throws PermissionParser.NotAQuery {
        query = PermissionParser.parse(TEXT);
    }

    @Benchmark
    public PermissionQuery parse() throws PermissionParser.NotAQuery {
        return PermissionParser.parse(TEXT);
    }

    @Benchmark
    public boolean evaluate() {
        return query.isMetBy(granted);
    }

    @Benchmark
    public boolean oneScope() {
        return granted.covers("verify:tokens");
    }
}
