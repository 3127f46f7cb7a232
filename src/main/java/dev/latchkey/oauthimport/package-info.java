/**
 * The import of clients and their grants from another token service, here called S2: {@code scripts/import-s2.sh} reads its database, and sends it as
 * lines of JSON.
 *
 * <p>A line is a client, with the one token of it that is live. A document is taken whole or not at all, into the tenant of whoever sends it; a client
 * that is here already, by the same name and for the same branch, is left alone, so that a document may be sent again. What a client must be is checked
 * by what checks it when it is registered; its secret and tokens are sealed as all others are.
 */
@NullMarked
package dev.latchkey.oauthimport;

import org.jspecify.annotations.NullMarked;
