@NullMarked
package dev.latchkey.turn;

import org.jspecify.annotations.NullMarked;
