/** Messages to travellers: their addresses, what the event log gives them to read, and the mail that carries it. */
@NullMarked
package dev.octroi.notice;

import org.jspecify.annotations.NullMarked;
