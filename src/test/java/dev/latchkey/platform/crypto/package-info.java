@org.jspecify.annotations.NullMarked
package dev.latchkey.platform.crypto;
