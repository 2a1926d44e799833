/** Learns how a subscription is normally used and says when data drains away unnoticed; pure, no clock, no database. */
@NullMarked
package dev.octroi.drain;

import org.jspecify.annotations.NullMarked;
