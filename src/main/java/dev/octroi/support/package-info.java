/** Alarms as people see them, the cases they settle, and the evidence they settle them by. */
@NullMarked
package dev.octroi.support;

import org.jspecify.annotations.NullMarked;
