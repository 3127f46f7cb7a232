@NullMarked
package dev.latchkey.provider;

import org.jspecify.annotations.NullMarked;
