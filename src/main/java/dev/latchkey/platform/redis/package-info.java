/**
 * Redis that may be away. Everything here that needs an answer from Redis in the course of a request asks through
 * {@link dev.latchkey.platform.redis.RedisAvailability}: it waits briefly, and once Redis was found away it answers
 * so at once, until a single call, let through now and then, finds it back. What to do without Redis is each
 * caller's own decision.
 *
 * <p>Invariants: a call ends within its timeout; while Redis is away, at most one call in each pause pays for finding
 * out; a faulty command (a wrong type, an unknown script) is the caller's fault and not an absence.
 *
 * <p><b>Redis Cluster.</b> What one command touches must be on one node. Keys that go together have one {@link
 * dev.latchkey.platform.redis.Keyspace}, one of {@code latchkey.redis.partitions}, whose hash tag they carry: a subject's limits and credits, and the
 * stream that tells of them. All replicas have the same number ({@code latchkey:partitions}); {@code PartitionAgreement} sees to it. The client has a
 * connection to every master or none at all, so that a cluster with a master that is down counts as away until a replica took its place.
 *
 * <p>Scripts are resources in {@code lua/}, run by {@link dev.latchkey.platform.redis.RedisScript}.
 */
@NullMarked
package dev.latchkey.platform.redis;

import org.jspecify.annotations.NullMarked;
