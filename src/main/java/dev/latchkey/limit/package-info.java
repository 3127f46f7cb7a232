/**
 * The one rate decision: may this subject spend so many units now, under all of its windows together? Ask
 * {@link dev.latchkey.limit.Limiter#decide}, and put {@link dev.latchkey.limit.LimitHeaders} on the answer.
 *
 * <p>Windows slide. The decision is one script in Redis ({@code lua/limit.lua}) on the clock of Redis, so it is exact over any number of
 * replicas. Invariants, for each window on its own and whatever else happens:
 *
 * <ul>
 *   <li>in any span of the window's length, at most {@code limit} units are admitted;
 *   <li>a unit is given back one length after it was admitted: exactly then if it came alone, and at most 1/600 of the length
 *       later if others came right after it, with which it shares a cell;
 *   <li>all windows admit, or none counts anything; a refusal and a cost of 0 consume nothing;
 *   <li>a changed limit counts at once, against what was admitted before;
 *   <li>should the clock be set back, nothing is given back early, and nothing is held for longer than the length from then.
 * </ul>
 *
 * <p>Keys: {@code latchkey:limit:{subject}}, a hash of the windows' states, and {@code latchkey:limit:{subject}:window:millis}, the
 * closed cells of one window; both expire when idle. No tables, no events.
 *
 * <p>When Redis is away, {@code latchkey.limits.when-redis-is-away} decides: {@code local} counts in this process, with the same algorithm
 * and from zero, so that a subject may get its limit once more from each replica; {@code open} admits and {@code closed} refuses
 * everything. {@link dev.latchkey.limit.LimitDecision#decidedBy} says who decided, and so does
 * {@code latchkey_limit_decisions_total}.
 */
@NullMarked
package dev.latchkey.limit;

import org.jspecify.annotations.NullMarked;
