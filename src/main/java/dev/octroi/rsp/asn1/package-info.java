/** BER-TLV nodes that keep the bytes as received, and the identifiers of SGP.22 with their encodings. */
@NullMarked
package dev.octroi.rsp.asn1;

import org.jspecify.annotations.NullMarked;
