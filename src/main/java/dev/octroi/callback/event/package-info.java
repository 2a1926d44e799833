/** What happened, in order, for resellers: the log, its types, and the feed that reads it. */
@NullMarked
package dev.octroi.callback.event;

import org.jspecify.annotations.NullMarked;
