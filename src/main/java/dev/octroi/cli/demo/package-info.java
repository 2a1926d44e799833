/** The story that {@code octroi demo} tells: reseller, device, network and admin as real clients of a real gateway. */
@NullMarked
package dev.octroi.cli.demo;

import org.jspecify.annotations.NullMarked;
