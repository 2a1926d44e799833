/**
 * A virtual eUICC and its LPA, written from the card's side of SGP.22: it shares nothing with the server but the TLV
 * reader, so that a mistake is not made twice and cancelled out.
 */
@NullMarked
package dev.octroi.rsp.euicc;

import org.jspecify.annotations.NullMarked;
