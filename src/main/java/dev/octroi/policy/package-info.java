/** Rules, restrictions and the policy that follows from them; pure. */
@NullMarked
package dev.octroi.policy;

import org.jspecify.annotations.NullMarked;
