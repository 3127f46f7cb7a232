/**
 * The audits that a tenant runs over its own credentials: asked for, done in the background, downloaded as a report.
 *
 * <p><b>The way of a run.</b> {@code AuditService} writes it as {@code queued} and fires {@link dev.latchkey.report.AuditRun.Queued}; after the
 * commit {@code AuditWorker} takes it up ({@code running}), {@code Examination} holds every {@code Rule} against every credential of every
 * kind, and the finished {@code AuditReport} is kept with the run ({@code completed}). {@code ReportFormat} writes it for a download.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>A run belongs to one tenant, examines the credentials of that tenant only, and is seen by that tenant only.
 *   <li>A run that is taken up has a lease. A worker that dies leaves the run to whoever comes after the lease ran out; a worker that only
 *       seemed dead can write nothing any more, because each lease has an owner of its own that every write is held against.
 *   <li>A run ends: it is taken up three times at most, and then {@code failed}. A worker that is told to stop gives its run back uncounted.
 *   <li>A rule is a pure function of what is known of one credential, the time and the thresholds. It finds nothing that is not known.
 *   <li>A report never holds a credential's text, and never more findings than configured; its summary counts all of them.
 *   <li>What tenants chose themselves, such as names, is data in every format: no formula in CSV, no markup in HTML.
 * </ul>
 *
 * <p><b>Table.</b> {@code audit_runs}, both the runs and their queue; finished ones go after their retention. Leases run on PostgreSQL's
 * clock, which all replicas share.
 */
@NullMarked
package dev.latchkey.report;

import org.jspecify.annotations.NullMarked;
