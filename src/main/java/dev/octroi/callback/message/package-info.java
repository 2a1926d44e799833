/** What is sent: rendered at the moment of sending, and signed. */
@NullMarked
package dev.octroi.callback.message;

import org.jspecify.annotations.NullMarked;
