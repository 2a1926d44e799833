/** Which event gives which notice to a traveller, and its words; plain Java. */
@NullMarked
package dev.octroi.notice.words;

import org.jspecify.annotations.NullMarked;
