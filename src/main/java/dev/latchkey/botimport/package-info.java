/**
 * The import of bots from another bot service, here called S3: {@code scripts/import-s3.sh} reads its database, and sends it as lines of JSON.
 *
 * <p>A line is a bot, with its owner by a name that is known here. What S3 sealed comes as it lies there, in Fernet tokens, and is opened with S3's own key,
 * looked at, and sealed by our keyset before the import's transaction ends: no Fernet token is ever stored, and the key may be taken away right after
 * (ADR 0019). Telegram is not asked: what it thinks of a token is seen by its first call.
 *
 * <p>A document is taken whole or not at all, by an admin, over all tenants; a bot that is here already, of the same user and with the same token, is left
 * alone, so that a document may be sent again.
 */
@NullMarked
package dev.latchkey.botimport;

import org.jspecify.annotations.NullMarked;
