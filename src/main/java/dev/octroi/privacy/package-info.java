/** What is held of one traveller, given out and forgotten on request. */
@NullMarked
package dev.octroi.privacy;

import org.jspecify.annotations.NullMarked;
