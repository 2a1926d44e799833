package dev.octroi.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The name of a feed. */
class FeedTest {
    @Test
    void nameThatFitsStaysAsItIs() {
        for (String name : List.of("a", "pgw-paris", "x".repeat(40))) {
            assertThat(Feed.source(name)).isEqualTo(name);
        }
    }

    @Test
    void longNamesStayDifferentAndAlwaysTheSame() {
        List<String> sources = IntStream.range(0, 1_000)
                .mapToObj(i -> Feed.source("x".repeat(100) + i))
                .toList();
        assertThat(sources).doesNotHaveDuplicates().allMatch(source -> source.length() == 40);
        assertThat(Feed.source("Roaming Hub of the Northern Region, Gateway 1"))
                .isEqualTo("Roaming Hub of the Northern~9e324a2315e4");
    }

    @Test
    void characterOfTwoHalvesIsNotCutInTwo() {
        String source = Feed.source("x".repeat(26) + "\uD83D\uDE80".repeat(20));
        assertThat(source).hasSizeLessThanOrEqualTo(40);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(source)).isTrue();
    }
}
