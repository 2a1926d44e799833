/** Usage feeds: reading, normalising, quarantine, and handing on to counting. */
@NullMarked
package dev.octroi.usage;

import org.jspecify.annotations.NullMarked;
