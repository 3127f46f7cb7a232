@NullMarked
package dev.latchkey.botcall;

import org.jspecify.annotations.NullMarked;
