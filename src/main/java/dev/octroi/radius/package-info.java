/** What RADIUS packets are made of (RFC 2865 §3, §5), for the feed that reads them and the callbacks that write them. */
@NullMarked
package dev.octroi.radius;

import org.jspecify.annotations.NullMarked;
