package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an alarm measured and how a person answered it; nothing of whose it was or when.
 *
 * @param meant true: "that was me"; false: it was a drain
 * @param kind the word of the kind it was told as
 * @param quantities as {@link DrainState#quantities} measured them when the alarm was raised
 */
public record AnsweredAlarm(boolean meant, String kind, List<Float> quantities) {
    public AnsweredAlarm {
        requireNonNull(kind, "kind is null");
        quantities = List.copyOf(quantities);
    }

    /** Whether this program measures the same quantities: another one's cannot be compared. */
    public boolean isComparable() {
        return quantities.size() == FeatureSpec.ALL.size();
    }
}
