/**
 * Metering: every call made with a credential is one event, recorded once, shown in reports and added up by day.
 *
 * <p><b>The way of an event.</b> {@link dev.latchkey.usage.Meter#record} appends it to a Redis stream, {@code latchkey:usage} (with Redis Cluster one of {@code latchkey:{partition}:usage}), and only then lets
 * the answer go. On every replica a {@code UsageConsumer} reads each stream in batches (group {@code latchkey}), writes the events to {@code
 * token_usage_events}, adds those that were really inserted to {@code usage_aggregates} in the same statement, and only then acknowledges
 * and deletes them in Redis. When Redis does not take an event, the same statement writes it to PostgreSQL directly.
 *
 * <p><b>The way of a chunk.</b> Verifications come many at a time, as {@link dev.latchkey.chunk.Chunk}: one entry for the uses of a micro-batch, in the
 * same stream. A consumer folds the chunks that it has in hand before it writes: uses that are alike within a minute are one row with {@code calls},
 * the time of the first, and the mean latency. So it takes many at a time, and after a step with many it gathers for a second. In one transaction it
 * notes the chunks ({@code usage_chunks}), writes what was folded of those that are new, and books in {@code credit} what they spent (ADR 0012).
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>An event is counted once however often it comes: an append that timed out and was repeated to PostgreSQL, a consumer that died between
 *       commit and acknowledgement, two consumers with the same entry. The event's own id and time are its key (ADR 0006).
 *   <li>A chunk is counted once, with all its uses and their credits, or not at all: its id is in {@code usage_chunks}, for 7 days.
 *   <li>{@code usage_aggregates} is the sum of the events of each day, as {@link dev.latchkey.usage.UsageAggregates#recount} finds it.
 *   <li>An entry leaves the stream only when it is in PostgreSQL or, if it can never get there, in {@code latchkey:usage:dead}.
 *   <li>An event is refused for no time that it carries: the default partition takes what no day's partition takes.
 * </ul>
 *
 * <p><b>What is counted.</b> Every call whose credential was recognised, whatever its answer, a 503 too; what is refused before that is
 * nobody's. Each whose answer the client has wholly received, through a restart of Redis, its absence, the absence of PostgreSQL, or the
 * end of the service; one that got no answer may be counted. {@code UsageReconciliation} compares totals and events, and mends them.
 *
 * <p><b>What can lose events.</b> Redis is trusted with events for the moment until they are moved. It needs {@code appendonly yes} to
 * keep them through a restart ({@code appendfsync always} to keep the last second through a crash of its machine), and {@code
 * maxmemory-policy noeviction}, lest it evict the stream. The stream has no maximum length, for
 * that would drop events silently: while PostgreSQL is away it grows, until Redis is out of memory and refuses; from then on events go
 * to PostgreSQL directly, and are lost, logged and counted while that is away too. Emptying Redis loses what was in the stream.
 *
 * <p><b>Tables.</b> {@code token_usage_events}, partitioned by day (UTC), made ahead and dropped after its retention by {@code
 * EventPartitions}; {@code usage_aggregates}, the daily totals with a latency histogram, which stay; {@code usage_violations}, which limits refused verifications by day, or only watch and would have; {@code usage_last_use} and {@code
 * usage_scope_use}, when each credential and each of its scopes was last used (by chunks in steps of 5 seconds and a minute); {@code usage_dropped}, up to which day events are gone; {@code usage_reconciliations}, when
 * each day was last compared.
 *
 * <p><b>Reports.</b> {@link dev.latchkey.usage.UsageQueries} reads minutes and hours from the events and days from the totals. Errors are answers
 * with 400 and above; a 429 counts as an error and as rate limited. Which limits refused is known of verifications that Redis decided.
 */
@NullMarked
package dev.latchkey.usage;

import org.jspecify.annotations.NullMarked;
