package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.Words;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a case is to be settled.
 *
 * @param creditBytes volume to give back, 0 to 1 TB
 * @param lift whether the suspension for drained data ends
 * @param meant what the one who settles heard of the use, true: it was meant; null: nothing, which answers no alarm by itself
 * @param reason words kept with it and shown to the traveller, 1 to 200 characters
 */
public record Settlement(
        long creditBytes, boolean lift, @Nullable Boolean meant, String reason) {
    private static final long MAX_CREDIT_BYTES = 1_000_000_000_000L;

    public Settlement {
        if (creditBytes < 0 || creditBytes > MAX_CREDIT_BYTES) {
            throw new IllegalArgumentException("a credit is 0 to 1 TB");
        }
        Words.reason(reason);
    }

    /** One that says nothing of what the use was. */
    public Settlement(long creditBytes, boolean lift, String reason) {
        this(creditBytes, lift, null, reason);
    }

    /** What a case notes of how it is, or was, to be settled. */
    static Settlement notedIn(SupportCase noted) {
        return new Settlement(
                noted.creditBytes(),
                noted.lift(),
                noted.meant(),
                requireNonNull(noted.reason(), "a noted settlement has a reason"));
    }

    /** Whether a case notes this settlement, and no other and not none. */
    public boolean isNotedIn(SupportCase settled) {
        return creditBytes == settled.creditBytes()
                && lift == settled.lift()
                && Objects.equals(meant, settled.meant())
                && reason.equals(settled.reason());
    }

    /** The stable word of it. */
    String word() {
        if (creditBytes > 0) {
            return lift ? "credited_and_lifted" : "credited";
        }
        return lift ? "lifted" : "explained";
    }

    /** What becomes of an alarm that nobody called meant: given back means it was a drain, the rest does not say. */
    String alarmState() {
        return creditBytes > 0 ? "confirmed" : "closed";
    }
}
