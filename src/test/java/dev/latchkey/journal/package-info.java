/** Tests of the journal: what is appended is shipped once, whatever happens to the process, the places it is shipped to, and the files. */
@NullMarked
package dev.latchkey.journal;

import org.jspecify.annotations.NullMarked;
