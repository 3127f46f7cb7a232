/**
 * People: users, their tenants and roles, and the passwords they log in with.
 *
 * <p>A registration makes a user and a tenant of their own (ADR 0004). Passwords are kept as bcrypt hashes only. Whoever changes a user
 * fires an {@link dev.latchkey.identity.UserEvent}, which ends sessions and empties caches. Tables: {@code tenants}, {@code users}.
 */
@NullMarked
package dev.latchkey.identity;

import org.jspecify.annotations.NullMarked;
