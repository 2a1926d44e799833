package dev.octroi.usage;

import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import org.jspecify.annotations.Nullable;

/** What the sender of a record is told. */
final class Verdicts {
    private Verdicts() {}

    static RecordResult result(@Nullable String key, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> new RecordResult(key, RecordResult.Verdict.COUNTED, null, null);
            case Outcome.Duplicate duplicate -> new RecordResult(key, RecordResult.Verdict.DUPLICATE, null, null);
            case Outcome.Refused refused -> {
                if (refused.code() == Refusal.BUSY) {
                    throw new OverloadedException();
                }
                yield new RecordResult(key, RecordResult.Verdict.REJECTED, Fault.NOT_COUNTABLE, refused.detail());
            }
        };
    }

    static RecordResult rejected(Fault fault) {
        return new RecordResult(null, RecordResult.Verdict.REJECTED, fault, detail(fault));
    }

    static String detail(Fault fault) {
        return switch (fault) {
            case UNKNOWN_SUBSCRIBER -> "No account is linked to this subscriber.";
            case SUBSCRIBER_NOT_COVERED -> "The partner may not report for this subscriber.";
            case TOO_LATE -> "The record ends before the lateness horizon.";
            case IN_FUTURE -> "The record ends in the future.";
            case NOT_WRITTEN -> "The record could not be written; it is kept.";
            default -> "The record cannot be counted.";
        };
    }
}
