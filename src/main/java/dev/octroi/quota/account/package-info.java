/** The words of counting: accounts, what they are told, what they answer, what comes of it. Values, and how they are put together. Pure. */
@NullMarked
package dev.octroi.quota.account;

import org.jspecify.annotations.NullMarked;
