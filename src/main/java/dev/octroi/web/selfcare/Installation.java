package dev.octroi.web.selfcare;

import dev.octroi.rsp.words.StatusCode;
import dev.octroi.rsp.words.StatusWords;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.TimelineEntry;
import java.time.Instant;
import java.util.List;

/**
 * Where the installation of an eSIM stands. Pure.
 *
 * @param profile as the SM-DP+ knows it
 * @param steps the last steps of its download, newest first
 * @param now the moment that is looked at
 */
record Installation(SubscriptionProfile profile, List<TimelineEntry> steps, Instant now) {
    /** What a traveller reads when it failed and no step says why. */
    private static final StatusCode UNTOLD = StatusCode.of("1.1", "1.1");

    /** What every phone would be told whose try came too late. */
    private static final StatusCode EXPIRED = StatusCode.of("8.8.5", "4.10");

    Installation {
        steps = List.copyOf(steps);
    }

    /** Whether it can be installed now: then, and only then, the page shows links and QR. */
    boolean isOpen() {
        return profile.isAvailable(now);
    }

    /** Whether it is on a phone. */
    boolean isDone() {
        return switch (profile.state()) {
            case "installed", "enabled", "disabled" -> true;
            default -> false;
        };
    }

    /**
     * Whether it is on no phone, so that nothing works however much is left. Other SM-DP+ may tell nothing of what became of a
     * profile that they delivered: what has been used shows that it is there.
     */
    boolean isMissing(boolean isUsed) {
        return !isDone() && (!isUsed || profile.state().equals("deleted"));
    }

    /** Whether something went wrong that the traveller should know of. */
    boolean hasFailed() {
        return profile.state().equals("error")
                || profile.state().equals(SubscriptionProfile.FAILED)
                || profile.isExpired(now)
                || (isOpen() && isNewestFailed());
    }

    /** One sentence: where it stands, and what to do when it failed. */
    String sentence(Texts texts) {
        if (profile.isExpired(now)) {
            return StatusWords.traveller(EXPIRED, texts.locale());
        }
        if (hasFailed()) {
            StatusCode why = steps.stream()
                    .flatMap(step -> step.refusal().stream())
                    .findFirst()
                    .orElse(UNTOLD);
            return StatusWords.traveller(why, texts.locale());
        }
        String key = "install.state." + profile.state();
        return texts.get(texts.has(key) ? key : "install.state.other");
    }

    private boolean isNewestFailed() {
        return !steps.isEmpty() && steps.getFirst().refusal().isPresent();
    }
}
