package dev.latchkey.limit;

/**
 * How an account stands after a decision.
 *
 * @param refused whether it had too little; nothing was taken then
 */
public record CreditState(long remaining, boolean refused) {}
