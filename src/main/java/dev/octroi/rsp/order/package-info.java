/** Profiles and their orders at this SM-DP+: states, rules, stores and the functions of ES9+. */
@NullMarked
package dev.octroi.rsp.order;

import org.jspecify.annotations.NullMarked;
