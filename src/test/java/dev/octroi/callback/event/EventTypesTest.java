package dev.octroi.callback.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventTypesTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_.]+)` \\|", Pattern.MULTILINE);

    @Test
    void typesAndFamiliesCanBeAskedFor() {
        assertThat(EventTypes.refuse(List.of("usage.threshold_reached", "policy", "zone.left")))
                .isEmpty();
        assertThat(EventTypes.refuse(List.of())).isEmpty();
    }

    @Test
    void aTypeThatIsNoneIsRefusedWithThoseOfItsFamily() {
        assertThat(EventTypes.refuse(List.of("policy", "usage.treshold_reached")))
                .contains("There is no event type \"usage.treshold_reached\"; there are usage.corrected,"
                        + " usage.threshold_reached.");
    }

    @Test
    void aFamilyThatIsNoneIsRefusedWithThoseThereAre() {
        assertThat(EventTypes.refuse(List.of("usages")).orElseThrow())
                .contains("families: anomaly, case,")
                .contains(", zone.");
    }

    @Test
    void thePageOfEventsListsEachTypeAndNoOther() throws Exception {
        String page = Files.readString(Path.of("docs", "events.md"));
        assertThat(ROW.matcher(page).results().map(row -> row.group(1)).toList())
                .containsExactlyInAnyOrderElementsOf(EventTypes.all());
    }
}
