package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose volume an account spends. */
public sealed interface Share {
    /** What of all that the account counts was not used while it spent this volume. */
    long notSharedBytes();

    /** Its own, and nobody else does. */
    Share ALONE = new Alone();

    /** Its own, and nobody else does. */
    record Alone() implements Share {
        @Override
        public long notSharedBytes() {
            return 0;
        }
    }

    /**
     * Its own, and other accounts do so too.
     *
     * @param members their accounts, in the order in which they joined
     */
    record Owner(List<Long> members) implements Share {
        public Owner {
            members = List.copyOf(members);
        }

        @Override
        public long notSharedBytes() {
            return 0;
        }

        /** The same with one more. */
        public Owner with(long accountId) {
            List<Long> more = new ArrayList<>(members);
            more.add(accountId);
            return new Owner(more);
        }

        /** The same without a member; alone when it was the last. */
        public Share without(long accountId) {
            List<Long> rest = new ArrayList<>(members);
            rest.remove(accountId);
            return rest.isEmpty() ? ALONE : new Owner(rest);
        }
    }

    /**
     * Another account's.
     *
     * @param ownerId whose
     * @param joinedAt since when; null until the owner's account has taken note of it
     * @param leftAt when it left; null while it is a member
     * @param cap most that it may use in a window; null: what is left
     * @param windowStart first moment of the plan's window at hand; null before the first
     * @param windowBaseBytes all it had counted when that window began
     * @param beforeBytes all it counted of a volume of its own, before it joined; null: it began as a member
     */
    record Member(
            long ownerId,
            @Nullable Instant joinedAt,
            @Nullable Instant leftAt,
            @Nullable MemberCap cap,
            @Nullable Instant windowStart,
            long windowBaseBytes,
            @Nullable Long beforeBytes)
            implements Share {
        static Member joining(long ownerId) {
            return new Member(ownerId, null, null, null, null, 0, null);
        }

        /** One that had a volume of its own until now. */
        public static Member later(long ownerId, Instant at, long beforeBytes) {
            return new Member(ownerId, at, null, null, null, beforeBytes, beforeBytes);
        }

        @Override
        public long notSharedBytes() {
            return beforeBytes == null ? 0 : beforeBytes;
        }

        /** So much more was counted of the time before it joined. */
        public Member late(long bytes) {
            return new Member(
                    ownerId, joinedAt, leftAt, cap, windowStart, windowBaseBytes + bytes, notSharedBytes() + bytes);
        }

        /** What the account of this member has used of its cap at a moment; 0 without one. */
        long cappedBytes(AccountState state, Instant now) {
            if (cap == null) {
                return 0;
            }
            return switch (cap.window()) {
                case DAY ->
                    state.day().at(Windows.dayStart(now, state.dayZone())).bytes();
                case WEEK ->
                    state.week().at(Windows.weekStart(now, state.dayZone())).bytes();
                case PLAN -> state.countedBytes() - windowBaseBytes;
            };
        }

        /** Whether it spends the volume: it has joined and has not left. */
        public boolean isActive() {
            return joinedAt != null && leftAt == null;
        }

        /** The same once the owner's account has taken note of it. */
        public Member joined(Instant at) {
            return new Member(ownerId, at, leftAt, cap, windowStart, windowBaseBytes, beforeBytes);
        }

        /** The same after it left: its cap goes with it. */
        public Member left(Instant at) {
            requireNonNull(at, "at is null");
            return new Member(ownerId, joinedAt, at, null, windowStart, windowBaseBytes, beforeBytes);
        }

        /** The same with another cap; null: none. */
        public Member capped(@Nullable MemberCap other) {
            return new Member(ownerId, joinedAt, leftAt, other, windowStart, windowBaseBytes, beforeBytes);
        }

        /** The same in a window of the plan, with what it had counted when that began. */
        public Member inWindow(@Nullable Instant start, long baseBytes) {
            return new Member(ownerId, joinedAt, leftAt, cap, start, baseBytes, beforeBytes);
        }
    }
}
