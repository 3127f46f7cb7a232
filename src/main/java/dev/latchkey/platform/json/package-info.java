/**
 * JSON as the contract has it: snake_case, nothing guessed, an unknown field refused by name, and texts that people can read.
 */
@NullMarked
package dev.latchkey.platform.json;

import org.jspecify.annotations.NullMarked;
