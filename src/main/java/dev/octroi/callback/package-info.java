/** The outbox and its delivery: signed callbacks to the network, ES2+ progress to operators, webhooks to resellers. */
@NullMarked
package dev.octroi.callback;

import org.jspecify.annotations.NullMarked;
