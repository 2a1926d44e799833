/** What a status of the GSMA says to people: who must act, and a sentence in English, French and Chinese. */
@NullMarked
package dev.octroi.rsp.words;

import org.jspecify.annotations.NullMarked;
