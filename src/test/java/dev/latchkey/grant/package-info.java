@NullMarked
package dev.latchkey.grant;

import org.jspecify.annotations.NullMarked;
