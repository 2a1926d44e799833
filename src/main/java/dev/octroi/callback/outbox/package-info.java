/** What has to be told, and its delivery: rows, leases, retries, dead letters. Knows neither the receivers nor what they are told. */
@NullMarked
package dev.octroi.callback.outbox;

import org.jspecify.annotations.NullMarked;
