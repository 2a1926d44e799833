/** The command line: arguments and exit codes. */
@NullMarked
package dev.octroi.cli;

import org.jspecify.annotations.NullMarked;
