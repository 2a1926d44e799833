/** The common authentication and the download session of SGP.22, as pure steps from message and state to answer. */
@NullMarked
package dev.octroi.rsp.session;

import org.jspecify.annotations.NullMarked;
