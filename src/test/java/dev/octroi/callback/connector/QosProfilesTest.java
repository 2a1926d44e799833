package dev.octroi.callback.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which QoS profile a policy comes down to. */
class QosProfilesTest {
    private static final QosProfiles PROFILES = new QosProfiles(
            List.of(new QosProfiles.Speed(1_024, "QOS_1M"), new QosProfiles.Speed(128, "QOS_128K")),
            Optional.of("QOS_NO_BACKGROUND"),
            Optional.empty(),
            Optional.empty());

    @Test
    void blockedBackgroundAloneHasItsOwnProfile() {
        assertThat(PROFILES.of(new JsonObject().put("level", 3)))
                .isEqualTo(new QosProfiles.Wish.Assigned("QOS_NO_BACKGROUND"));
    }

    /** Slow for all is stricter than full speed in the foreground. */
    @Test
    void blockedBackgroundWithASpeedKeepsTheSpeed() {
        assertThat(PROFILES.of(new JsonObject().put("level", 3).put("kbpsDown", 384)))
                .isEqualTo(new QosProfiles.Wish.Assigned("QOS_128K"));
    }

    @Test
    void blockedBackgroundWithASpeedBelowAllHasNoProfile() {
        assertThat(PROFILES.of(new JsonObject().put("level", 3).put("kbpsDown", 64)))
                .isEqualTo(new QosProfiles.Wish.Unmapped("no QoS profile stands for a speed of 64 kbit/s"));
    }
}
