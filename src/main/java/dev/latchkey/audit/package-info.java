/**
 * Who did what to what, from where: one row for each act, written in the transaction of the act, and never changed.
 *
 * <p>Table: {@code audit_log}. Call {@link dev.latchkey.audit.AuditLog#record} inside the transaction. The actor, the address and the
 * request id come from the request at hand; details must hold no secret.
 */
@NullMarked
package dev.latchkey.audit;

import org.jspecify.annotations.NullMarked;
