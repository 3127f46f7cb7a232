/**
 * What admins do with the bots of users, in all tenants.
 *
 * <p>Each act is put on record in its own transaction: no bot is suspended, shown or asked about without a row that says by whom. A token is never shown, to
 * admins neither.
 *
 * <p>Table: {@code admin_bot_actions}.
 */
@NullMarked
package dev.latchkey.botadmin;

import org.jspecify.annotations.NullMarked;
