/** Unprotected profile packages (TCA interoperable format, DER): reading, making and personalising them. */
@NullMarked
package dev.octroi.rsp.profile;

import org.jspecify.annotations.NullMarked;
