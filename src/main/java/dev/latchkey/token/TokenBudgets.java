package dev.latchkey.token;

import dev.latchkey.credential.Allowance;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.Slots;
import dev.latchkey.limit.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The limits of a token as budgets. A line of rotations shares them. */
final class TokenBudgets {

    private TokenBudgets() {}

    static Allowance of(ApiToken token) {
        var subject = "token:" + token.familyId;
        var budgets = new ArrayList<Budget>();
        budgets.add(new Budget(
                subject,
                List.of(Window.minute(token.perMinute), Window.hour(token.perHour), Window.day(token.perDay))));
        if (token.burstCapacity != null) {
            var refill = Objects.requireNonNull(token.burstRefillPerSecond);
            budgets.add(new Budget(subject, List.of(Burst.bucket(token.burstCapacity, refill))));
        }
        if (token.concurrentRequests != null) {
            var lease = Duration.ofSeconds(Objects.requireNonNull(token.leaseSeconds));
            budgets.add(
                    new Budget(subject, List.of(new Slots("concurrent_requests", token.concurrentRequests, lease))));
        }
        var shadow = shadow(token);
        if (!shadow.isEmpty()) {
            budgets.add(Budget.shadow(subject, shadow));
        }
        return Allowance.of(budgets);
    }

    private static List<Policy> shadow(ApiToken token) {
        var policies = new ArrayList<Policy>();
        if (token.shadowPerMinute != null) {
            policies.add(Window.minute(token.shadowPerMinute));
        }
        if (token.shadowPerHour != null) {
            policies.add(Window.hour(token.shadowPerHour));
        }
        if (token.shadowPerDay != null) {
            policies.add(Window.day(token.shadowPerDay));
        }
        if (token.shadowBurstCapacity != null) {
            var refill = Objects.requireNonNull(token.shadowBurstRefillPerSecond);
            policies.add(Burst.bucket(token.shadowBurstCapacity, refill));
        }
        return policies;
    }

    /** So that a successor may use what its forerunner may. */
    static void copy(ApiToken from, ApiToken to) {
        to.perMinute = from.perMinute;
        to.perHour = from.perHour;
        to.perDay = from.perDay;
        to.burstCapacity = from.burstCapacity;
        to.burstRefillPerSecond = from.burstRefillPerSecond;
        to.concurrentRequests = from.concurrentRequests;
        to.leaseSeconds = from.leaseSeconds;
        to.shadowPerMinute = from.shadowPerMinute;
        to.shadowPerHour = from.shadowPerHour;
        to.shadowPerDay = from.shadowPerDay;
        to.shadowBurstCapacity = from.shadowBurstCapacity;
        to.shadowBurstRefillPerSecond = from.shadowBurstRefillPerSecond;
    }
}
