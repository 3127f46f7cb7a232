/** Imports from another token service: of documents, and of a database by the script. */
@NullMarked
package dev.latchkey.oauthimport;

import org.jspecify.annotations.NullMarked;
