/**
 * A journal of uses in memory-mapped files, which outlives the process: for uses whose answers leave before Redis has them.
 *
 * <p><b>The way of a use.</b> The thread that answers appends it to its own {@link dev.latchkey.journal.JournalWriter}, without a lock or a system call: the
 * bytes first, then the word that says that they are there. The kernel has them from then on, whatever becomes of the process. Ten times a second a
 * {@code Shipper} seals the blocks that got uses, ships each as a chunk through {@link dev.latchkey.usage.Meter#tryRecord}, and marks it when it is safe; while neither
 * Redis nor PostgreSQL takes it, it stays, and is tried again each second.
 *
 * <p><b>Files.</b> Each process has a folder of its own in {@code latchkey.journal.directory}, with a file that it keeps locked while it lives, and segments of 1 MiB.
 * Each segment has blocks, and a block is a chunk with a state in front ({@code Layout}, {@code BlockWord}). Writer and shipper agree by compare-and-set on that one word, in which
 * stand how many uses there are and whether the block is sealed: a use is in a block before it is sealed, or goes to the next one. A segment in which all is shipped is used again.
 *
 * <p><b>Leftovers.</b> Every minute each process looks for folders whose lock is free, ships what is not marked, and removes them; the lock decides which one.
 * A chunk keeps its id from the moment its block was begun, so one that was shipped before the process died is counted once. That is known for a while
 * only ({@code latchkey.usage.remember-chunks}): a chunk that comes near that age is set aside in {@code aside/}, as is a file that is damaged, for a person to look at.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>A use for which {@code append} returned true is counted, once, through a kill of the process at any moment, as long as the files live.
 *   <li>A use for which it returned false is not in the journal.
 *   <li>A block is sealed before it is shipped, and what is sealed never changes.
 *   <li>Whatever lies in a file, nothing in it ends a process or stops what lies beside it from being shipped.
 * </ul>
 *
 * <p><b>What can lose uses.</b> The machine that stops at once (power, kernel) takes the pages that the kernel had not written: only what was shipped is safe then. So does a volume that goes with
 * its pod. Why, and what was left out: ADR 0014.
 */
@NullMarked
package dev.latchkey.journal;

import org.jspecify.annotations.NullMarked;
