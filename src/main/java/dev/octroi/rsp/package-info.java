/** Remote SIM provisioning after SGP.22 v2: messages, certificates, sessions, profile packages and orders. */
@NullMarked
package dev.octroi.rsp;

import org.jspecify.annotations.NullMarked;
