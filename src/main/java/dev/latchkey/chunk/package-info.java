/**
 * Uses of credentials on their way to PostgreSQL, many in one piece: what a verification leaves behind, before it is folded and written.
 *
 * <p>A {@link dev.latchkey.chunk.Chunk} is made where a micro-batch of verifications is decided, and has an id of its own from then on. Limits and
 * credits are decided in Redis after it was encoded: the script appends it to the stream as it came (field {@code k}, {@link
 * dev.latchkey.chunk.ChunkCodec}), and what it decided beside it (field {@code o}, {@link dev.latchkey.chunk.Outcome}). Both together are a {@link
 * dev.latchkey.chunk.DecidedChunk}, in which every use has its status, and the limits that refused it, or is told to be in another chunk. A {@link dev.latchkey.chunk.Fold} puts the uses of many chunks together.
 *
 * <p>Invariants: whatever is written reads back the same; bytes that no codec wrote are an {@code IllegalArgumentException} and take no more memory
 * than they are long, times a constant. Everything here is pure; {@code usage} does the moving. Why chunks: ADR 0012.
 */
@NullMarked
package dev.latchkey.chunk;

import org.jspecify.annotations.NullMarked;
