/**
 * Contracts, routing, problems, limits, idempotency and the guards in front of every HTTP listener; and the one way in which other
 * servers are asked, with a bound on time and answer.
 */
@NullMarked
package dev.octroi.http;

import org.jspecify.annotations.NullMarked;
