/** The record of what was done, by whom and why: append-only, one hash chain per tenant, anchored outside the database. */
@NullMarked
package dev.octroi.audit;

import org.jspecify.annotations.NullMarked;
