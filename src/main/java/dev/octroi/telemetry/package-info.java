/** Metrics, log context and request identifiers. */
@NullMarked
package dev.octroi.telemetry;

import org.jspecify.annotations.NullMarked;
