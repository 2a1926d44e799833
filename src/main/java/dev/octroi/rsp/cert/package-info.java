/** Curves, keys and certificates of remote SIM provisioning: chains from an eUICC to its certificate issuer. */
@NullMarked
package dev.octroi.rsp.cert;

import org.jspecify.annotations.NullMarked;
