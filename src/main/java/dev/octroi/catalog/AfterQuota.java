package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.octroi.policy.Speed;

/** What happens when a plan's volume is used up. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AfterQuota.Throttle.class, name = "throttle"),
    @JsonSubTypes.Type(value = AfterQuota.Stop.class, name = "stop")
})
public sealed interface AfterQuota {
    /**
     * Data goes on, slower, at no price.
     *
     * @param speed the cap
     */
    record Throttle(Speed speed) implements AfterQuota {
        public Throttle {
            requireNonNull(speed, "speed is null");
        }
    }

    /** Data stops. */
    record Stop() implements AfterQuota {}
}
