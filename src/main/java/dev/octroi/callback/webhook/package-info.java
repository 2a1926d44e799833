/** The endpoints of resellers: registered, challenged, their secrets changed, their deliveries shown and sent again. */
@NullMarked
package dev.octroi.callback.webhook;

import org.jspecify.annotations.NullMarked;
