/** {@code octroi bench}: what the product does in a second, beside a reference measured in the same run. */
@NullMarked
package dev.octroi.cli.bench;

import org.jspecify.annotations.NullMarked;
