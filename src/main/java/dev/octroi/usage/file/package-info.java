/** Files of usage records: reading, importing once, and folders that are watched. */
@NullMarked
package dev.octroi.usage.file;

import org.jspecify.annotations.NullMarked;
