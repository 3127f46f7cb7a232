/**
 * What must hold before this instance may serve.
 *
 * <p>Each feature says in a {@link dev.latchkey.platform.startup.StartupCheck}, beside the setting that it looks at, what would be dangerous.
 * Outside development and tests the instance refuses to start while any of them finds a fault, and lists all faults at once: the
 * setting, what is wrong with it, and the remedy. A fault never quotes a secret. Settings are looked at before the database is connected to.
 */
@NullMarked
package dev.latchkey.platform.startup;

import org.jspecify.annotations.NullMarked;
