/** Certificates of the TLS trust domains: the development PKI, key material of listeners, and the check of partners. */
@NullMarked
package dev.octroi.pki;

import org.jspecify.annotations.NullMarked;
