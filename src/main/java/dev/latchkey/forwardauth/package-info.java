/**
 * For gateways that hand each request's headers to a server of their choice, and let in what that answers with 2xx: a verification that is asked and answered by
 * headers alone. What this replica knows takes a short way (ADR 0013). How gateways are set up: docs/gateways.
 */
@NullMarked
package dev.latchkey.forwardauth;

import org.jspecify.annotations.NullMarked;
