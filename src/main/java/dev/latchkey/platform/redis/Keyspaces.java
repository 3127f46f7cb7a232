package dev.latchkey.platform.redis;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.IntStream;

/** All partitions of our keys, as {@code latchkey.redis.partitions} says how many there are. */
@Singleton
public final class Keyspaces {

    private final List<Keyspace> all;

    @Inject
    Keyspaces(RedisConfig config) {
        this(config.partitions());
    }

    Keyspaces(int partitions) {
        all = IntStream.range(0, partitions)
                .mapToObj(partition -> new Keyspace(partition, partitions))
                .toList();
    }

    /** In the order of their numbers. */
    public List<Keyspace> all() {
        return all;
    }

    /** The partition of a subject, the same on every replica and for ever. */
    public Keyspace of(String subject) {
        return all.get(Math.floorMod(subject.hashCode(), all.size()));
    }
}
