/** The running gateway: settings, wiring, listeners, lifecycle. Knows all; nobody knows it. */
@NullMarked
package dev.octroi.app;

import org.jspecify.annotations.NullMarked;
