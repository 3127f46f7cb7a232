/**
 * What only one of several replicas may do at a time.
 *
 * <p>Scheduled work runs on every replica; work that must be done once takes a {@link dev.latchkey.platform.cluster.ClusterLock} first. The
 * lock belongs to a transaction, so that a replica that dies gives it back.
 */
@NullMarked
package dev.latchkey.platform.cluster;

import org.jspecify.annotations.NullMarked;
