/** The service from outside: whole ways that a client goes. */
@org.jspecify.annotations.NullMarked
package dev.latchkey.api;
