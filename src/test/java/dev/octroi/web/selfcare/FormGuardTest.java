package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class FormGuardTest {
    private static final Instant NOW = Instant.parse("2026-11-30T11:00:00Z");

    /** A bookmark of the page after a form says nothing of that form a week later. */
    @Test
    void whatWasTakenIsSaidForAMinuteAndOfItsLinkOnly() {
        String word = at(NOW).taken("link");
        assertThat(at(NOW).isTaken("link", word)).isTrue();
        assertThat(at(NOW.plusSeconds(60)).isTaken("link", word)).isTrue();
        assertThat(at(NOW.plusSeconds(61)).isTaken("link", word)).isFalse();
        assertThat(at(NOW).isTaken("another", word)).isFalse();
        for (String made : new String[] {"1", "", NOW.getEpochSecond() + word.substring(word.indexOf('-')) + "0"}) {
            assertThat(at(NOW).isTaken("link", made)).as(made).isFalse();
        }
        String later = NOW.plusSeconds(600).getEpochSecond() + word.substring(word.indexOf('-'));
        assertThat(at(NOW.plusSeconds(600)).isTaken("link", later))
                .as("made to be of another second")
                .isFalse();
        assertThat(at(NOW).isTaken("link", null)).isFalse();
    }

    private static FormGuard at(Instant now) {
        return new FormGuard(new SecretKeySpec(new byte[32], "HmacSHA256"), InstantSource.fixed(now));
    }
}
