/** BSP of SGP.22 §2.6.4: key agreement, SCP03t segments and the bound profile package. */
@NullMarked
package dev.octroi.rsp.bound;

import org.jspecify.annotations.NullMarked;
