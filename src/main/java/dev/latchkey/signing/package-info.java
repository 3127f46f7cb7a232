/**
 * The keys that this service signs JWTs with, and their public halves at {@code /.well-known/jwks.json} (RFC 7517).
 *
 * <p>The first key is made at first start, once for all replicas; private halves are sealed. A JWT names its key by {@code kid};
 * only keys of ours are ever used to verify, and only with the algorithm they were made for. Table: {@code signing_keys}.
 */
@NullMarked
package dev.latchkey.signing;

import org.jspecify.annotations.NullMarked;
