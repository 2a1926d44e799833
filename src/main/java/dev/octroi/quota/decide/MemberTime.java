package dev.octroi.quota.decide;

import dev.octroi.drain.Category;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.List;

/** Of which time of a member a command tells, and the rows by which the owner's ledger knows when members came and went. */
final class MemberTime {
    private static final String SOURCE = "octroi";

    private MemberTime() {}

    /** Whether all that a command of one that left reports is of the time in which it drew from the volume. */
    static boolean isOfMembership(Draft draft, AccountCommand command) {
        Instant leftAt = draft.share instanceof Share.Member member && !isBeforeJoining(member, command)
                ? member.leftAt()
                : null;
        if (leftAt == null) {
            return false;
        }
        return switch (command) {
            case AccountCommand.CountUsage count -> count.record().eventEnd().isBefore(leftAt);
            case ChargeCommand charge ->
                !charge.used().isEmpty()
                        && charge.used().stream()
                                .allMatch(record -> record.eventEnd().isBefore(leftAt));
            default -> false;
        };
    }

    /** Of what a charging message of one that left reports, the records of the time in which it drew from the volume. */
    static List<UsageRecord> ofMembership(Draft draft, ChargeCommand charge) {
        Instant leftAt = draft.share instanceof Share.Member member ? member.leftAt() : null;
        return leftAt == null
                ? List.of()
                : charge.used().stream()
                        .filter(record -> record.eventEnd().isBefore(leftAt))
                        .toList();
    }

    /**
     * Whether a record is of the time in which a late member had a volume of its own. Charging sessions report at once: what they
     * report is of the time at hand.
     */
    static boolean isBeforeJoining(Share.Member member, AccountCommand command) {
        Instant joinedAt = member.joinedAt();
        return member.beforeBytes() != null
                && joinedAt != null
                && command instanceof AccountCommand.CountUsage count
                && count.record().eventEnd().isBefore(joinedAt);
    }

    /** A row that takes nothing: it says between which rows the volume had how many takers. */
    static Effect.LedgerRow note(String key, Instant now) {
        return new Effect.LedgerRow(
                new UsageRecord(
                        SOURCE,
                        key,
                        UsageRecord.Meaning.DELTA,
                        null,
                        64,
                        now,
                        now,
                        now,
                        0,
                        0,
                        ChargeCommand.UNKNOWN_PLMN,
                        "ZZ",
                        null,
                        "none",
                        Category.OTHER),
                0,
                0,
                0,
                "ZZ",
                0,
                0);
    }
}
