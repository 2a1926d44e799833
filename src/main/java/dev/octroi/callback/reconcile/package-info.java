/** Policies that no network has confirmed: found, sent again, and told to somebody. */
@NullMarked
package dev.octroi.callback.reconcile;

import org.jspecify.annotations.NullMarked;
