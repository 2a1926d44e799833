/** Where profiles come from: the built-in SM-DP+ today, an external one through ES2+ beside it. */
@NullMarked
package dev.octroi.smdp;

import org.jspecify.annotations.NullMarked;
