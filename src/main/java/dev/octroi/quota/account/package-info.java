/** The words of counting, all of them values: accounts, what they are told, what they answer, what comes of it. Pure. */
@NullMarked
package dev.octroi.quota.account;

import org.jspecify.annotations.NullMarked;
