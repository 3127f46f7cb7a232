/**
 * Leases: units of a generous limit that a replica takes out of Redis in advance, and serves from without a trip.
 *
 * <p>Each event loop keeps the leases of the subjects that it is asked about, and no thread touches another one's. Units are taken by an
 * ordinary decision with {@link dev.latchkey.limit.LimitRequest#usableFor}: they count as used from that moment, and are given back one window's
 * length after the last moment at which the lease may be used. So whatever replicas do, die or forget, the limit is never passed; what a
 * lease leaves unused is lost until then.
 *
 * <p>The rule which decisions are leased:
 *
 * <ul>
 *   <li>the subject has nothing but windows: credits, buckets, slots and shadow limits are always decided in Redis, one by one;
 *   <li>it is asked about steadily on this event loop: {@link dev.latchkey.lease.Demand#LEAST} calls in the half second before;
 *   <li>there is plenty: a lease is at most a fiftieth of what is left in the window that has least left, and at least
 *       {@link dev.latchkey.lease.Lease#LEAST} units. So with fewer than 800 units left in a window, or in its limit, each decision is exact;
 *   <li>its leases are used: after one of which more than half was left, the next is taken a second later, then two, and so on up to a minute;
 *   <li>there is a journal, since a leased use is answered before Redis has it: {@link dev.latchkey.journal}.
 * </ul>
 *
 * A lease lives two seconds. What a leased answer says is left may be that much older than what others use meanwhile.
 */
@NullMarked
package dev.latchkey.lease;

import org.jspecify.annotations.NullMarked;
