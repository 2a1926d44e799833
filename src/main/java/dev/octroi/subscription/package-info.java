/** What was sold: orders, subscriptions, top-ups, activation, timeline. */
@NullMarked
package dev.octroi.subscription;

import org.jspecify.annotations.NullMarked;
