package dev.latchkey.decision;

import java.util.ArrayList;
import java.util.List;

/** Every admission with its time: the naive, exact limiter that the real one is measured against. */
final class AdmissionLog {

    private record Admission(long at, long units) {}

    private final List<Admission> admissions = new ArrayList<>();

    void add(long at, long units) {
        admissions.add(new Admission(at, units));
    }

    /** Units admitted in the half-open span of this length that ends with, and includes, this moment. */
    long unitsWithin(long length, long until) {
        return admissions.stream()
                .filter(admission -> admission.at > until - length && admission.at <= until)
                .mapToLong(Admission::units)
                .sum();
    }
}
