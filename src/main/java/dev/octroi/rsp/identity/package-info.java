/** The certificates and keys of this SM-DP+ from files: read by content, matched by keys, checked as one set. */
@NullMarked
package dev.octroi.rsp.identity;

import org.jspecify.annotations.NullMarked;
