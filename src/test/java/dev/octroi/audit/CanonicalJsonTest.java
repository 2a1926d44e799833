package dev.octroi.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
    /** RFC 8785 appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "becbf647612f3696, -0.0000033333333333333333"
    })
    void numbersAreWrittenAsTheStandardSays(String bits, String expected) {
        assertThat(CanonicalJson.write(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))))
                .isEqualTo(expected);
    }

    /** RFC 8785 §3.2.3. */
    @Test
    void membersAreSortedByCodeUnits() {
        assertThat(CanonicalJson.write(Map.of(
                        "\u20ac", "Euro Sign",
                        "\r", "Carriage Return",
                        "\ufb33", "Hebrew Letter Dalet With Dagesh",
                        "1", "One",
                        "\ud83d\ude00", "Emoji: Grinning Face",
                        "\u0080", "Control",
                        "\u00f6", "Latin Small Letter O With Diaeresis")))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                        + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void textsListsAndLargeNumbersHaveOneForm() {
        assertThat(CanonicalJson.write(List.of("\u000f\n\"\\/", 1L << 60, new BigDecimal("1.50"), true, List.of())))
                .isEqualTo("[\"\\u000f\\n\\\"\\\\/\",\"1152921504606846976\",\"1.50\",true,[]]");
        assertThat(CanonicalJson.write("a\u0000b\ud800")).isEqualTo("\"a\ufffdb\ufffd\"");
        assertThatThrownBy(() -> CanonicalJson.write(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stateTooLargeForTheLogIsRepresentedByItsHash() {
        AuditEntry entry = new AuditEntry(
                1,
                java.time.Instant.EPOCH,
                "a",
                "b",
                "c",
                null,
                Map.of("kept", 1, "for", java.time.Duration.ofDays(1)),
                Map.of("large", "x".repeat(20_000)),
                null);
        assertThat(entry.parts().before())
                .startsWith("{\"action\":\"b\",\"actor\":\"a\",\"after\":{\"length\":20012,\"sha256\":\"")
                .contains("\"before\":{\"for\":\"PT24H\",\"kept\":1}");
    }
}
