/** The reseller API: one handler for each operation of {@code openapi/reseller.yaml}. */
@NullMarked
package dev.octroi.api.reseller;

import org.jspecify.annotations.NullMarked;
