/** Imports from another bot service: of documents, and of a database by the script. */
@NullMarked
package dev.latchkey.botimport;

import org.jspecify.annotations.NullMarked;
