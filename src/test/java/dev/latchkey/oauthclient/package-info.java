@NullMarked
package dev.latchkey.oauthclient;

import org.jspecify.annotations.NullMarked;
