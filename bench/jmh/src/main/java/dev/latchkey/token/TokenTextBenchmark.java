package dev.latchkey.token;

import dev.latchkey.platform.crypto.KnownSecrets;
import io.quarkus.runtime.StartupEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Telling a token from garbage by its shape and checksum. */
@State(Scope.Benchmark)
public class TokenTextBenchmark {

    private final TokenText texts = new TokenText(new KnownSecrets());
    private final String genuine;
    private final String wrongChecksum;

    public TokenTextBenchmark() {
        texts.readKey(new StartupEvent());
        genuine = texts.make(Environment.LIVE).reveal();
        wrongChecksum = genuine.substring(0, 43) + (genuine.endsWith("0") ? '1' : '0');
    }

    @Benchmark
    public boolean genuine() {
        return texts.isGenuine(genuine);
    }

    @Benchmark
    public boolean wrongChecksum() {
        return texts.isGenuine(wrongChecksum);
    }

    @Benchmark
    public boolean wrongShape() {
        return texts.isGenuine("lk_live_no");
    }
}
