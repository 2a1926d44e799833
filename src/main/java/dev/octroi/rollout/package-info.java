/** Changes of policy over many subscriptions: four eyes, steps, an automatic stop, undo. */
@NullMarked
package dev.octroi.rollout;

import org.jspecify.annotations.NullMarked;
