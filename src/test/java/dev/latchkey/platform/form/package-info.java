/** What a form is, and what is none. */
@NullMarked
package dev.latchkey.platform.form;

import org.jspecify.annotations.NullMarked;
