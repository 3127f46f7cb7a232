/**
 * Documents of many lines that are taken whole or not at all: how their lines are read, and how everything that is wrong with them is told at once, by line
 * and column, without repeating what stands there.
 */
@NullMarked
package dev.latchkey.platform.bulk;

import org.jspecify.annotations.NullMarked;
