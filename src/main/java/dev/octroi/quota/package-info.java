/**
 * Counting, as other features see it: the one write path for what is decided, and the readers of what was written. What an
 * account is stands in {@code account}, what becomes of it in {@code decide}.
 */
@NullMarked
package dev.octroi.quota;

import org.jspecify.annotations.NullMarked;
