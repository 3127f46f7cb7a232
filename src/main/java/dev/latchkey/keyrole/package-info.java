/**
 * The roles of API keys, of either version: scopes, life, hourly limit, and who may create keys of which role. A role is configuration, and needs no
 * code. What a role grants is written into a key when it is made; how much its keys may use is what the role says today.
 */
@NullMarked
package dev.latchkey.keyrole;

import org.jspecify.annotations.NullMarked;
