/** {@code application/x-www-form-urlencoded}, read as strictly as our JSON: the bodies and the client credentials of OAuth. */
@NullMarked
package dev.latchkey.platform.form;

import org.jspecify.annotations.NullMarked;
