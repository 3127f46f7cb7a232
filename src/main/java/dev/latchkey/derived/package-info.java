/**
 * Tokens that the holder of an API key derives from it, for a part of its scopes and at most an hour: what is handed on need not be the key.
 *
 * <p>A derived token is a JWT of the type {@code dk+jwt}, and no row. It names the digest of its key's text, whose snapshot is looked at each time: it dies with
 * the key at once, uses its limits, and counts as its use. It may neither derive, refresh, create nor revoke.
 */
@NullMarked
package dev.latchkey.derived;

import org.jspecify.annotations.NullMarked;
