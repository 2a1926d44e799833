/** How a partner's network is told of policies: the ways there are, and how each is written down. Values. */
@NullMarked
package dev.octroi.callback.connector;

import org.jspecify.annotations.NullMarked;
