package dev.octroi.quota.decide;

import dev.octroi.drain.Verdict;
import dev.octroi.quota.account.Device;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What speaks for a drain besides its score: a suspension may need one of these. */
public enum Signal {
    /** The volume at hand is used up and the traveller agreed to a price of use beyond it: the drain costs money. */
    MONEY,
    /** The drain took a tenth of the bundle or more than is left of it, and something is left to lose. */
    QUOTA,
    /** A destination of the block list was seen within a day. */
    DESTINATION,
    /** The traveller's switch blocks background traffic now, of the alarm's category, and it flows. */
    BACKGROUND_OFF,
    /** The SIM moved to another device within a day. */
    DEVICE_CHANGED;

    private static final int SHARE_OF_BUNDLE = 10;

    /** The stable word of events. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The signals of an account at an alarm. */
    static List<Signal> of(Draft draft, Verdict.Alarm alarm, long atEpochSeconds) {
        List<Signal> signals = new ArrayList<>();
        if (draft.remainingBytes() == 0 && OverageWatch.carries(draft)) {
            signals.add(MONEY);
        }
        if (isQuotaAtStake(alarm.bytesAtStake(), draft.totalBytes(), draft.remainingBytes())) {
            signals.add(QUOTA);
        }
        if (draft.drain().response().badWithinDay(atEpochSeconds)) {
            signals.add(DESTINATION);
        }
        if (BackgroundWatch.blocks(draft, alarm.category().word())) {
            signals.add(BACKGROUND_OFF);
        }
        Device device = draft.device;
        if (device != null && device.changedLately(Instant.ofEpochSecond(atEpochSeconds))) {
            signals.add(DEVICE_CHANGED);
        }
        return signals;
    }

    /**
     * Whether a drain matters to a bundle. One that is used up has nothing to lose; what the drain took of a window that is over, or
     * beyond the volume, this one did not bear.
     */
    public static boolean isQuotaAtStake(long stakeBytes, long totalBytes, long remainingBytes) {
        long borne = Math.min(stakeBytes, totalBytes - remainingBytes);
        return remainingBytes > 0 && borne > 0 && (borne > totalBytes / SHARE_OF_BUNDLE || borne > remainingBytes);
    }
}
