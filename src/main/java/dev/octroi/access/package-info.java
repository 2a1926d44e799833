/** Who calls and what they may do: tokens and scopes, machine clients, partners behind mutual TLS, travellers' links. */
@NullMarked
package dev.octroi.access;

import org.jspecify.annotations.NullMarked;
