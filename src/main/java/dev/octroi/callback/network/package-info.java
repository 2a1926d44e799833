/** Policies on their way to the networks: a sender for each kind of connector, and what is known of the copy that a network holds. */
@NullMarked
package dev.octroi.callback.network;

import org.jspecify.annotations.NullMarked;
