/** Pages: what they share. */
@NullMarked
package dev.octroi.web;

import org.jspecify.annotations.NullMarked;
