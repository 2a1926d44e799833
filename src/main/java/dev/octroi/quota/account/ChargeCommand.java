package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message of a charging session (3GPP TS 32.290 §6.2): counts what it reports and promises what it asks for.
 *
 * @param step where in its life the session is
 * @param session its number; for {@link Step#CREATE} and {@link Step#EVENT} the one it gets
 * @param partnerId whose session it is
 * @param message the identity of the message, 1 to 80 characters: among all creations of the partner, else within the
 *     session. A message that comes again is answered as before, and nothing of it is counted; one that says another thing under the
 *     same number is refused ({@link ChargeAnswer#REPORT})
 * @param replay for how long a message of the same identity is the same one
 * @param at when the consumer sent it
 * @param used what it reports; the keys of records are unique in the account
 * @param containers the numbers of the containers that the records are, which within a session are not used twice; null where
 *     they have none
 * @param reportedBytes the bytes of the report by whom they were promised to, 0 or more
 * @param returned who gives back what was promised
 * @param asking who asks for volume, each once; the UPFs of a rating group share what it is granted
 * @param place where the device is now, when told
 * @param deviceHash keyed hash of the device's equipment identity, hexadecimal, when told
 * @param notifyTo where notifications go, sealed; null: as before
 * @param terms how large a promise may be
 */
public record ChargeCommand(
        Step step,
        long session,
        long partnerId,
        String message,
        Duration replay,
        Instant at,
        List<UsageRecord> used,
        @Nullable Containers containers,
        Map<GrantHolder, Long> reportedBytes,
        Set<GrantHolder> returned,
        List<GrantHolder> asking,
        @Nullable SessionPlace place,
        @Nullable String deviceHash,
        @Nullable String notifyTo,
        GrantTerms terms,
        Actor actor)
        implements AccountCommand {
    /** The network of records whose place is not known: they were used where the session is. */
    public static final String UNKNOWN_PLMN = "000-00";

    public ChargeCommand {
        requireNonNull(step, "step is null");
        requireNonNull(replay, "replay is null");
        requireNonNull(at, "at is null");
        requireNonNull(terms, "terms is null");
        requireNonNull(actor, "actor is null");
        used = List.copyOf(used);
        reportedBytes = Map.copyOf(reportedBytes);
        returned = Set.copyOf(returned);
        asking = List.copyOf(asking);
        if (message.isEmpty() || message.length() > 80 || message.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a message's identity has 1 to 80 characters, none of control");
        }
    }

    /** The same without what was counted before. */
    public ChargeCommand withUsed(List<UsageRecord> fresh) {
        if (fresh.size() == used.size()) {
            return this;
        }
        return new ChargeCommand(
                step,
                session,
                partnerId,
                message,
                replay,
                at,
                fresh,
                containers,
                reportedBytes,
                returned,
                asking,
                place,
                deviceHash,
                notifyTo,
                terms,
                actor);
    }

    /** Who reports or asks. */
    Set<GrantHolder> speaking() {
        Set<GrantHolder> speaking = new HashSet<>(reportedBytes.keySet());
        speaking.addAll(asking);
        return speaking;
    }

    /** Who reports that something was used. */
    public List<GrantHolder> using() {
        return reportedBytes.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether it asks for the grants of a rating group, or gives one back. */
    boolean speaksOf(long ratingGroup) {
        return asking.stream().anyMatch(each -> each.ratingGroup() == ratingGroup)
                || returned.stream().anyMatch(each -> each.ratingGroup() == ratingGroup);
    }

    /** The same of one holder. */
    boolean speaksOf(GrantHolder holder) {
        return asking.contains(holder) || returned.contains(holder);
    }

    /**
     * The numbers of a message's containers.
     *
     * @param lowest of them, 0 or more
     * @param highest of them
     */
    public record Containers(long lowest, long highest) {
        public Containers {
            if (lowest < 0 || highest < lowest) {
                throw new IllegalArgumentException("numbers out of order");
            }
        }

        /** Of these and one more. */
        public static Containers and(@Nullable Containers before, long number) {
            return before == null
                    ? new Containers(number, number)
                    : new Containers(Math.min(before.lowest, number), Math.max(before.highest, number));
        }
    }

    /** Where in its life a session is. */
    public enum Step {
        CREATE,
        UPDATE,
        RELEASE,
        /** All of it: a one-time event (TS 32.290 §5.3) is over when it is answered. */
        EVENT;

        /** Whether there was no session before. */
        public boolean opens() {
            return this == CREATE || this == EVENT;
        }

        /** Whether there is none after it. */
        public boolean ends() {
            return this == RELEASE || this == EVENT;
        }
    }
}
