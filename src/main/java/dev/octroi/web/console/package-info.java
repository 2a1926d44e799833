/** The console: server-rendered pages for admins and support. */
@NullMarked
package dev.octroi.web.console;

import org.jspecify.annotations.NullMarked;
