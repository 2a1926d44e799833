/** Contracts, routing, problems, limits, idempotency and the guards in front of every HTTP listener. */
@NullMarked
package dev.octroi.http;

import org.jspecify.annotations.NullMarked;
