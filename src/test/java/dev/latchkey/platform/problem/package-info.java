@org.jspecify.annotations.NullMarked
package dev.latchkey.platform.problem;
