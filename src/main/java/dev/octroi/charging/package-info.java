/** The charging function of 3GPP: sessions with promised volume, and spending limits (TS 32.291, TS 29.594). */
@NullMarked
package dev.octroi.charging;

import org.jspecify.annotations.NullMarked;
