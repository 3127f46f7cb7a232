/** The guides in {@code docs/gateways}, as they stand there: real gateways, with those very files, before the packaged service. */
@NullMarked
package dev.latchkey.gateways;

import org.jspecify.annotations.NullMarked;
