/**
 * What a limit is: a {@link dev.latchkey.limit.Budget} is what one subject may use, by sliding windows, token buckets and slots for calls under
 * way, or a {@link dev.latchkey.limit.Budget#shadow} of it, which only watches; a {@link dev.latchkey.limit.LimitRequest} asks to spend, a {@link dev.latchkey.limit.LimitDecision} answers, and {@link
 * dev.latchkey.limit.LimitHeaders} and {@link dev.latchkey.limit.LimitAnswer} put that on the wire. Plain values: deciding is {@code decision}'s work.
 */
@NullMarked
package dev.latchkey.limit;

import org.jspecify.annotations.NullMarked;
