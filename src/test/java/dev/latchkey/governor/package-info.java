@NullMarked
package dev.latchkey.governor;

import org.jspecify.annotations.NullMarked;
