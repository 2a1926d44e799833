/** The pure heart: an account, a command and a time in, the next account and its effects out. Begin with {@code Decider}. */
@NullMarked
package dev.octroi.quota.decide;

import org.jspecify.annotations.NullMarked;
