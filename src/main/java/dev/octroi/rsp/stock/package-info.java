/** Stock of operators' profiles: batches of subscribers, their import, and what is in stock. */
@NullMarked
package dev.octroi.rsp.stock;

import org.jspecify.annotations.NullMarked;
