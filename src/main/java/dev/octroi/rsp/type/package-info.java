/** Types of profiles: the operator's package and the terms under which profiles of the type are downloaded. */
@NullMarked
package dev.octroi.rsp.type;

import org.jspecify.annotations.NullMarked;
