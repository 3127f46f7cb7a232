/** What cannot be brought about from outside: time that passes, and races. */
@NullMarked
package dev.latchkey.session;

import org.jspecify.annotations.NullMarked;
