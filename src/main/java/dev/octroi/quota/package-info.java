/** Accounts, buckets and the ledger: a pure core that decides, and the one write path for its consequences. */
@NullMarked
package dev.octroi.quota;

import org.jspecify.annotations.NullMarked;
