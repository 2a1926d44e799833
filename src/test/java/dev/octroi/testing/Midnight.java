package dev.octroi.testing;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;

/** For tests of what belongs to one day and happens by the clock of the machine. */
public final class Midnight {
    /** Longer than such a test takes. */
    private static final Duration NEAR = Duration.ofSeconds(90);

    private Midnight() {}

    /** Lets a day that is about to end in a time zone end first. */
    public static void notDuringTheTestIn(ZoneId zone) throws InterruptedException {
        ZonedDateTime now = ZonedDateTime.now(zone);
        Duration left = Duration.between(now, now.toLocalDate().plusDays(1).atStartOfDay(zone));
        if (left.compareTo(NEAR) < 0) {
            TimeUnit.MILLISECONDS.sleep(left.toMillis() + 1);
        }
    }
}
