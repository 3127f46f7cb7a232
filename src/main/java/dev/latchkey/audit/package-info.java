/**
 * Who did what to what, from where: one row for each act, written in the transaction of the act, and never changed.
 *
 * <p><b>The chain.</b> The rows of a tenant form a chain, and those of the installation another one. Each row has a place ({@code position}: 1,
 * 2, 3, …) and a keyed hash over all its columns, its place and the hash of the row before. The end of each chain has a keyed hash too. The key is
 * sealed by the operator's keyset: who can write to the tables, and no more, can hash nothing. Places are given in the order of the commits; the
 * clock has no say in it.
 *
 * <p><b>The way of an entry.</b> {@link dev.latchkey.audit.AuditLog#record}, inside the transaction of the act, keeps it until that transaction is
 * about to commit; then the end of the chain is locked, the row inserted, the end moved on ({@code Chain}). So writers of one tenant wait for each
 * other's commits, and never for each other's requests; writers of two tenants do not meet (ADR 0008).
 *
 * <p><b>What shows it.</b> {@code Verification} walks along a chain and finds the first break; {@code ChainWatch} does it daily for all chains, and goes on behind each;
 * {@code Checkpoints} signs the ends, for those who keep the signature elsewhere: a whole older state of the database put back shows only against
 * such a copy.
 *
 * <p><b>Invariants.</b> Details hold no secret. A lost end never stops acts: the chain goes on, with a row {@code audit_log.restarted} that marks
 * it as broken for good.
 *
 * <p>Tables: {@code audit_log}, {@code audit_chains}, {@code audit_checkpoints}, {@code audit_verdicts}. The actor, the address and the request id
 * come from the request at hand.
 */
@NullMarked
package dev.latchkey.audit;

import org.jspecify.annotations.NullMarked;
