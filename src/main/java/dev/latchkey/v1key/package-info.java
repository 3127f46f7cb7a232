/**
 * API keys of the first version, and the way from them to the second: opaque keys, made here or brought along from another table.
 *
 * <p>A key's text is {@code v1_} and 43 base62 characters, or whatever it was where it came from; only its SHA-256 digest is kept. A key that was imported
 * with a salted hash is found by its first characters, and gets a digest of ours when it is used for the first time. As long as no key of another
 * shape was imported, such texts are refused without a look at PostgreSQL.
 *
 * <p><b>Phases</b> ({@code LATCHKEY_V1}): {@code on}; {@code warn}, in which each answer warns, until the day of the sunset; {@code off}, in which V1 is gone. Every answer of V1 says so in
 * {@code Deprecation} (RFC 9745), {@code Sunset} (RFC 8594) and {@code Link}.
 *
 * <p>Migrating makes a key of the second version of the same role; the old one goes on for a while, and its row says what replaced it. Table: {@code v1_keys}.
 */
@NullMarked
package dev.latchkey.v1key;

import org.jspecify.annotations.NullMarked;
