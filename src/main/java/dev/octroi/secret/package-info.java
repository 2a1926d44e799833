/** Keys outside the database: sealing of stored identifiers, keyed look-up, and values that do not print themselves. */
@NullMarked
package dev.octroi.secret;

import org.jspecify.annotations.NullMarked;
