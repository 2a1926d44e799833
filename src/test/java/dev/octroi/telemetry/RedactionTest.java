package dev.octroi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8933010000000000018",
                "89330100000000000018",
                "8933010000000000018F",
                "89049032000000000000000000000012",
                "208150000000001",
                "LPA:1$smdp.example.com$MATCH-1234",
                "1$smdp.example.com$MATCH-1234$1.3.6$1"
            })
    void identifiersAreBlackened(String identifier) {
        assertThat(Redaction.redact("refused \"" + identifier + "\" at once"))
                .isEqualTo("refused \"[redacted]\" at once");
    }

    @Test
    void ordinaryNumbersStay() {
        String text = "counted 1288490188 bytes at 1732370712131 in 12.5 ms";
        assertThat(Redaction.redact(text)).isEqualTo(text);
    }
}
