/** Octroi: a GSMA SM-DP+ companion and subscription gateway for travel eSIMs. */
@NullMarked
package dev.octroi;

import org.jspecify.annotations.NullMarked;
