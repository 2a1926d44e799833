package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.OpenHours;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account in memory. What use alone changes, some dozen figures and how the detector's state differs, is written over in
 * place; whenever anything else changes the account is kept as it came. As objects of its own what a record changes would live
 * until the account is next used: long enough for the collector to copy it again and again. One thread's.
 */
final class AccountCell {
    /** For {@code null} instead of a moment. */
    private static final long NEVER = Long.MIN_VALUE;
    /** Version, two sums, three windows and two moments. */
    private static final int FIXED = 10;

    private static final int PATCH_STEP = 64;
    private static final long[] NO_FIGURES = {};
    private static final byte[] NO_PATCH = {};

    /** As it came when more than its figures had changed. */
    private AccountState base;
    /** What is true instead of the base's figures; empty while these are. */
    private long[] figures = NO_FIGURES;

    private byte[] patch = NO_PATCH;
    private int patchBytes;

    AccountCell(AccountState state) {
        this.base = state;
    }

    AccountKey key() {
        return base.key();
    }

    /** The account that was put last. */
    AccountState get() {
        return figures.length == 0 ? base : withFigures();
    }

    /**
     * Another state of the same account.
     *
     * @return whether its figures were all that was kept
     */
    boolean put(AccountState state) {
        if (takesFigures(state)) {
            write(state);
            if (withFigures().equals(state)) {
                return true;
            }
        }
        base = state;
        figures = NO_FIGURES;
        return false;
    }

    /** Whether the base with the other's figures is an account at all. */
    private boolean takesFigures(AccountState state) {
        List<Bucket> before = base.buckets();
        List<Bucket> after = state.buckets();
        if (before.size() != after.size()
                || base.hours().sums().size() != state.hours().sums().size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).quotaBytes() != after.get(i).quotaBytes()) {
                return false;
            }
        }
        return true;
    }

    private void write(AccountState state) {
        List<Bucket> buckets = state.buckets();
        List<OpenHours.Sum> sums = state.hours().sums();
        int size = FIXED + buckets.size() + 2 * sums.size();
        if (figures.length != size) {
            figures = new long[size];
        }
        int at = 0;
        figures[at++] = state.version();
        figures[at++] = state.usedBytes();
        figures[at++] = state.beyondBytes();
        figures[at++] = state.hour().bytes();
        figures[at++] = state.day().bytes();
        figures[at++] = state.week().bytes();
        at = write(at, state.lastEventAt());
        at = write(at, state.lastReceivedAt());
        for (int i = 0; i < buckets.size(); i++) {
            figures[at++] = buckets.get(i).usedBytes();
        }
        for (int i = 0; i < sums.size(); i++) {
            figures[at++] = sums.get(i).upBytes();
            figures[at++] = sums.get(i).downBytes();
        }
        writePatch(state.drain().patch());
    }

    private int write(int at, @Nullable Instant moment) {
        figures[at] = moment == null ? NEVER : moment.getEpochSecond();
        figures[at + 1] = moment == null ? 0 : moment.getNano();
        return at + 2;
    }

    private void writePatch(byte[] difference) {
        if (difference.length > patch.length) {
            patch = new byte[(difference.length + PATCH_STEP - 1) / PATCH_STEP * PATCH_STEP];
        }
        System.arraycopy(difference, 0, patch, 0, difference.length);
        patchBytes = difference.length;
    }

    /** The base with the figures. */
    private AccountState withFigures() {
        int at = FIXED;
        List<Bucket> buckets = new ArrayList<>(base.buckets().size());
        for (Bucket each : base.buckets()) {
            buckets.add(each.used(figures[at++]));
        }
        List<OpenHours.Sum> sums = new ArrayList<>(base.hours().sums().size());
        for (OpenHours.Sum each : base.hours().sums()) {
            sums.add(new OpenHours.Sum(each.where(), figures[at++], figures[at++]));
        }
        return new AccountState(
                base.key(),
                base.subscriptionId(),
                figures[0],
                base.terms(),
                base.timeZone(),
                base.openedAt(),
                base.startsAt(),
                base.endsAt(),
                base.ended(),
                base.renewedAt(),
                List.copyOf(buckets),
                figures[1],
                figures[2],
                base.warnedTotalBytes(),
                base.hour().of(figures[3]),
                base.day().of(figures[4]),
                base.week().of(figures[5]),
                base.rules(),
                base.ruleCounts(),
                base.restrictions(),
                base.policy(),
                base.place(),
                base.drain().with(patch, patchBytes),
                base.sessions(),
                moment(6),
                moment(8),
                base.background(),
                base.device(),
                base.charging(),
                base.charges(),
                new OpenHours(sums),
                base.share(),
                base.zoneChange());
    }

    private @Nullable Instant moment(int at) {
        return figures[at] == NEVER ? null : Instant.ofEpochSecond(figures[at], figures[at + 1]);
    }
}
