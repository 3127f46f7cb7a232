/**
 * How limits are decided: {@link dev.latchkey.decision.Limiter#decide}. What a limit is, and how it is answered, is in {@code limit}.
 *
 * <p>The decision is one script in Redis ({@code lua/quick.lua} and what follows it) on the clock of Redis,
 * so it is exact over any number of replicas. Invariants, whatever else happens:
 *
 * <ul>
 *   <li>in any span of a window's length, at most its limit is admitted;
 *   <li>a unit is given back one length after it was admitted: exactly then if it came alone, and at most 1/60 of the length
 *       later if others came right after it, with which it shares a cell;
 *   <li>all policies of all budgets of a request admit, or none counts anything; a refusal and a cost of 0 consume nothing;
 *   <li>a budget that only watches refuses nothing, and counts what the others admit;
 *   <li>a slot is held until it is given back ({@link dev.latchkey.decision.Limiter#release}), or its lease ends;
 *   <li>a changed limit counts at once, against what was admitted before;
 *   <li>should the clock be set back, nothing is given back early, and nothing is held for longer than the length from then.
 * </ul>
 *
 * <p><b>Round trips are shared.</b> Decisions that are asked for while others are on their way travel together in the next trip
 * ({@code SharedTrips}); one that comes alone leaves at once. A request may carry a {@link dev.latchkey.decision.Note}: it goes into a stream in the same
 * step of Redis in which it is decided, with the outcome. So the answer leaves when both are there, and neither is there without the other.
 *
 * <p>Keys: {@code latchkey:{partition}:limits:subject:lengths}, the state of a budget with its open cell ({@code :shadow} at its end if it only watches); the same with {@code :1}, {@code :2}…, the closed
 * cells of each window; with {@code :slots}, who holds one. All expire when idle. There is one partition, and with Redis Cluster
 * {@code latchkey.redis.partitions} of them, each on one node. No tables, no events.
 *
 * <p>When Redis is away, {@code latchkey.limits.when-redis-is-away} decides: {@code local} counts in this process, with the same algorithm
 * and from zero, so that a subject may get its limit once more from each replica; {@code open} admits and {@code closed} refuses
 * everything. {@link dev.latchkey.limit.LimitDecision#decidedBy} says who decided, and so does
 * {@code latchkey_limit_decisions_total}.
 *
 * <p><b>Deadlines.</b> Nobody waits for Redis, for an account that is loaded ({@code Openings}) or for a note that goes another way ({@code LateNotes}) longer
 * than {@code latchkey.limits.timeout} each; what hangs goes on behind the answer, once.
 */
@NullMarked
package dev.latchkey.decision;

import org.jspecify.annotations.NullMarked;
