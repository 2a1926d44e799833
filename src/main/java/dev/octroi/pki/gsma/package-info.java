/** The test GSMA PKI: a CI with the EUM, eUICC and SM-DP+ certificates of SGP.14 and SGP.26. */
@NullMarked
package dev.octroi.pki.gsma;

import org.jspecify.annotations.NullMarked;
