/** What is sold: plans and their terms, labels, zones, prices. */
@NullMarked
package dev.octroi.catalog;

import org.jspecify.annotations.NullMarked;
