@NullMarked
package dev.latchkey.telegram;

import org.jspecify.annotations.NullMarked;
