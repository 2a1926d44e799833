/** What a rule or a drain policy would have done with the use of the last weeks, before it is set. Decides, writes nothing. */
@NullMarked
package dev.octroi.quota.rehearsal;

import org.jspecify.annotations.NullMarked;
