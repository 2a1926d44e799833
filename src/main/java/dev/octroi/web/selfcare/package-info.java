/** The traveller's page: one magic link, one light page, no script. */
@NullMarked
package dev.octroi.web.selfcare;

import org.jspecify.annotations.NullMarked;
