/** RADIUS accounting as a usage feed (RFC 2866, 3GPP TS 29.061 §16): packets in, counted records out, answer after commit. */
@NullMarked
package dev.octroi.usage.radius;

import org.jspecify.annotations.NullMarked;
