/**
 * A real PostgreSQL and a real Redis of our own, so that {@code ./mvnw quarkus:dev}, {@code java -jar} and the tests need
 * nothing but a JDK.
 *
 * <p>{@link dev.latchkey.local.LocalStart} runs before Quarkus and starts what has no configured address; it hands over
 * by system properties, and knows by the same properties that a live reload has nothing left to start. {@link
 * dev.latchkey.local.LocalServices} is what tests use.
 *
 * <p>Invariants: <ul>
 * <li>Both listen on 127.0.0.1 only, and ask for a password that lies in the data folder, for its owner alone.
 * <li>Nothing outlives the JVM, whatever ends it: a {@link dev.latchkey.local.Watchdog} notices and stops the service.
 * <li>Nothing of this package holds on to a thread or a hook, so that a live reload can drop its classes.
 * <li>Whatever a person can mend is a {@link dev.latchkey.local.LocalProblem}: one paragraph, no stack trace.
 * <li>Never used in a native image, or where {@code LATCHKEY_LOCAL_SERVICES=never}.
 * </ul>
 *
 * <p>The data folder holds {@code postgres/} and {@code redis/} (each with {@code data/}, {@code log}, {@code password})
 * and {@code keyset.json}. The programs themselves are unpacked once per user, beside other caches.
 */
@NullMarked
package dev.latchkey.local;

import org.jspecify.annotations.NullMarked;
