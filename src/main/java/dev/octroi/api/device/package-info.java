/** ES9+: what devices call to download profiles (SGP.22 §5.6, §6.5), in the JSON and in the ASN.1 binding. */
@NullMarked
package dev.octroi.api.device;

import org.jspecify.annotations.NullMarked;
