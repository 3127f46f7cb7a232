/**
 * What the OpenAPI document says beyond the resources' own annotations: how callers authenticate, the headers and the problems
 * that any call may get, and an example for each body, read from {@code openapi/examples.json} at build time.
 */
@NullMarked
package dev.latchkey.platform.openapi;

import org.jspecify.annotations.NullMarked;
