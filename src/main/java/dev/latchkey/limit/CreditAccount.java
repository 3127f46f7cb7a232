package dev.latchkey.limit;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The account that pays for a request, beside its limits.
 *
 * @param refill up to how much it is filled once a period; empty if never
 * @param period the beginning of the refill's present period
 */
public record CreditAccount(UUID id, OptionalLong refill, Instant period) {}
