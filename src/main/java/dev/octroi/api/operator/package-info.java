/** The operator API: usage and locations as networks report them. */
@NullMarked
package dev.octroi.api.operator;

import org.jspecify.annotations.NullMarked;
