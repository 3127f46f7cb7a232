/** Audits: their rules as pure functions, their queue and worker on a real PostgreSQL, and the way through HTTP. */
@NullMarked
package dev.latchkey.report;

import org.jspecify.annotations.NullMarked;
