/** Database access: pools with their roles, the embedded server, migrations, identifiers. */
@NullMarked
package dev.octroi.db;

import org.jspecify.annotations.NullMarked;
