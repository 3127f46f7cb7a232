package dev.latchkey.platform.redis;

/**
 * Where keys live that must be on one node of a cluster: a number of partitions, each with a hash tag of its own. A single one has none.
 *
 * @param partition from 0
 * @param of how many there are
 */
public record Keyspace(int partition, int of) {

    /** @param end the key without what all keys begin with */
    public String key(String end) {
        return of == 1 ? "latchkey:" + end : "latchkey:{" + partition + "}:" + end;
    }
}
