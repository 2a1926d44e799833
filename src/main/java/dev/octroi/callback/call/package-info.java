/** One request to an address that somebody else gave: which addresses are allowed, how long it may take, when a host is left alone. */
@NullMarked
package dev.octroi.callback.call;

import org.jspecify.annotations.NullMarked;
