/**
 * PostgreSQL by hand, where entities would cost too much.
 */
@NullMarked
package dev.latchkey.platform.database;

import org.jspecify.annotations.NullMarked;
