/** What cards report after a download: installation results and changes of state, each signed by the card. */
@NullMarked
package dev.octroi.rsp.notification;

import org.jspecify.annotations.NullMarked;
