/** What holds while something is broken: several processes of the packaged service, under load, with parts cut off or killed. */
@NullMarked
package dev.latchkey.faults;

import org.jspecify.annotations.NullMarked;
