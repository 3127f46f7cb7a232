/**
 * Who is calling, and the words for what they may do: {@link dev.latchkey.platform.caller.Caller}, roles, scopes and the
 * {@link dev.latchkey.platform.caller.Access} mark that every endpoint carries.
 *
 * <p>Everything here is a plain value. The {@code access} package establishes the caller and enforces the marks; audit,
 * usage and the features only read.
 */
@NullMarked
package dev.latchkey.platform.caller;

import org.jspecify.annotations.NullMarked;
