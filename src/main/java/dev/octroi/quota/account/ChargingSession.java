package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A charging session of an account (3GPP TS 32.290 §5): what it was promised and what it was answered.
 *
 * @param number its identity, on the account's virtual shard
 * @param partnerId whose it is
 * @param open false: it was released, and is remembered for messages that come again
 * @param bar whether the SIM that it is of was replaced
 * @param grants bytes promised from the account's volume and not yet reported
 * @param grantsUntil when the last of what is promised is given back; where nothing is, and this is beyond the life of an open session: its
 *     consumer was told to end it, and at this moment it is forgotten
 * @param touchedAt when its last message was decided
 * @param waiting whether a rating group asked for volume, was given none or the last there is, and its consumer was not told since
 *     that there is more
 * @param notices how often its consumer was sent a notification
 * @param notifyTo where notifications go, sealed; null: nowhere
 * @param place where its bytes are used, when its consumer said it
 * @param countedUpTo the highest number of a container that it has reported: what has a higher one was not counted yet;
 *     {@link #NOTHING_COUNTED} before the first, {@link #UNKNOWN} where it was not kept
 * @param answers what was answered, the newest first: {@link KeptAnswers#MAX}, and at most as many before them that alone tell
 *     of a rating group that has no more to come
 * @param heard who reported or asked since the traveller agreed to be charged
 */
public record ChargingSession(
        long number,
        long partnerId,
        boolean open,
        Bar bar,
        Map<GrantHolder, Promise> grants,
        Instant grantsUntil,
        Instant touchedAt,
        boolean waiting,
        long notices,
        @Nullable String notifyTo,
        @Nullable SessionPlace place,
        long countedUpTo,
        List<ChargeAnswer> answers,
        HeardSince heard) {
    static final long NOTHING_COUNTED = -1;
    /** Above every number: up to which one was counted is not known, so that whatever is reported is looked up. */
    public static final long UNKNOWN = Long.MAX_VALUE;
    /** An open session is known for this long without a message, although nothing is promised to it any more. */
    private static final Duration OPEN_LIFE = Duration.ofDays(30);
    /** What is reported of a session is counted for this long after its consumer was told to end it. */
    private static final Duration ENDING_LIFE = Duration.ofDays(7);
    /** For this long a released session answers messages that come again. */
    private static final Duration RELEASED_LIFE = Duration.ofHours(1);

    public ChargingSession {
        requireNonNull(bar, "bar is null");
        requireNonNull(grantsUntil, "grantsUntil is null");
        requireNonNull(touchedAt, "touchedAt is null");
        requireNonNull(heard, "heard is null");
        grants = Map.copyOf(grants);
        answers = List.copyOf(answers);
    }

    /** A session as its first message finds it: nothing granted, nothing answered. */
    public static ChargingSession opened(ChargeCommand charge, Instant now) {
        return new ChargingSession(
                charge.session(),
                charge.partnerId(),
                true,
                Bar.NONE,
                Map.of(),
                now,
                now,
                false,
                0,
                charge.notifyTo(),
                charge.place(),
                NOTHING_COUNTED,
                List.of(),
                HeardSince.NOTHING);
    }

    /** A session of a SIM that is lost counts what was used and is granted nothing more. */
    public enum Bar {
        /** Its SIM is the account's. */
        NONE,
        /** The SIM was replaced; promises are not given back yet, and its consumer has not heard of it. */
        ORDERED,
        /** Its consumer was told to end it. */
        TOLD
    }

    /** Whether it is granted nothing more. */
    public boolean isBarred() {
        return bar != Bar.NONE;
    }

    /** Bytes promised and not yet reported. */
    public long promisedBytes() {
        long sum = 0;
        for (Promise each : grants.values()) {
            sum += each.bytes();
        }
        return sum;
    }

    /** The next moment at which something of it ends by itself. */
    public Instant nextEvalAt() {
        if (bar == Bar.ORDERED) {
            return touchedAt;
        }
        if (!grants.isEmpty()) {
            return grants.values().stream()
                    .map(Promise::until)
                    .min(Comparator.naturalOrder())
                    .orElse(grantsUntil);
        }
        return open && !isToEnd() ? touchedAt.plus(OPEN_LIFE) : forgottenAt();
    }

    /** Whether its consumer has to be told to end it, because no message came for long. */
    public boolean isSilent(Instant now) {
        return open && !isToEnd() && !now.isBefore(touchedAt.plus(OPEN_LIFE));
    }

    /** Whether its consumer was told to end it, and no message came since. */
    public boolean isToEnd() {
        return open && grants.isEmpty() && isToEnd(touchedAt, grantsUntil);
    }

    /** The same of an open session that is promised nothing. */
    public static boolean isToEnd(Instant touchedAt, Instant grantsUntil) {
        return grantsUntil.isAfter(touchedAt.plus(OPEN_LIFE));
    }

    /** When nothing of it has to be known any more, if no message comes. */
    public Instant forgottenAt() {
        if (!open) {
            return touchedAt.plus(RELEASED_LIFE);
        }
        return isToEnd() ? grantsUntil : touchedAt.plus(OPEN_LIFE).plus(ENDING_LIFE);
    }

    /** The answer that a message was given before; null when it is new, or its identity stands for another message by now. */
    @Nullable
    public ChargeAnswer answerTo(ChargeCommand charge, Instant now) {
        for (ChargeAnswer answer : answers) {
            if (answer.isTo(charge.message())) {
                return now.isBefore(answer.at().plus(charge.replay())) ? answer : null;
            }
        }
        return null;
    }

    /**
     * Whether an answer grants what may not be used any more: its time is over and nothing was said of the rating group since.
     *
     * @param nothingPasses whether nobody may use anything
     */
    public boolean isOutdated(ChargeAnswer answer, boolean nothingPasses, Instant now) {
        return KeptAnswers.grantsOutdated(answers, answer, nothingPasses, now);
    }

    /** Whether nothing that a message reports can have been counted before. */
    public boolean reportsFirst(ChargeCommand charge) {
        ChargeCommand.Containers containers = charge.containers();
        return charge.used().isEmpty() || (containers != null && containers.lowest() > countedUpTo);
    }

    /** Whether a rating group is known that a message of the session neither asks for nor gives back. */
    public boolean hasBeside(ChargeCommand charge) {
        return grants.keySet().stream().anyMatch(holder -> !charge.speaksOf(holder))
                || answers.stream()
                        .flatMap(answer -> answer.grants().stream())
                        .anyMatch(grant -> !charge.speaksOf(grant.ratingGroup()));
    }

    /** Whether a rating group waits that a message of the session does not give back. */
    public boolean waitsBeside(ChargeCommand charge) {
        Set<Long> returned =
                charge.returned().stream().map(GrantHolder::ratingGroup).collect(Collectors.toSet());
        return waiting && KeptAnswers.waitBeside(answers, returned);
    }

    /** The same of one that may still use what it was granted, be it of the volume or beyond it. */
    public boolean holdsBeside(ChargeCommand charge, Instant now) {
        return grants.keySet().stream().anyMatch(holder -> !charge.speaksOf(holder))
                || KeptAnswers.granted(answers, now).stream().anyMatch(group -> !charge.speaksOf(group));
    }

    /** The same with nothing promised. */
    public ChargingSession withoutGrants() {
        return withGrants(Map.of());
    }

    /** The same without what was promised for no longer than a moment: a group that falls silent keeps nothing from the others. */
    public ChargingSession withoutGrantsOf(Instant now) {
        // Asked with each record of the account, and nearly always nothing is over.
        if (grants.values().stream().allMatch(each -> now.isBefore(each.until()))) {
            return this;
        }
        Map<GrantHolder, Promise> left = new HashMap<>(grants);
        left.values().removeIf(each -> !now.isBefore(each.until()));
        return withGrants(left);
    }

    /** The same with these bytes promised. */
    public ChargingSession withGrants(Map<GrantHolder, Promise> promised) {
        Instant last = promised.values().stream()
                .map(Promise::until)
                .max(Comparator.naturalOrder())
                .orElse(grantsUntil);
        return with(bar, promised, last, waiting, notices);
    }

    /**
     * After a message: where it is now, whether it waits, and what it was answered.
     *
     * @param agreedAt since when the traveller agrees to be charged; null: not at all
     */
    public ChargingSession answered(ChargeCommand charge, ChargeAnswer answer, @Nullable Instant agreedAt) {
        boolean remains = open && !charge.step().ends();
        return new ChargingSession(
                number,
                partnerId,
                remains,
                bar,
                remains ? grants : Map.of(),
                isToEnd() ? answer.at() : grantsUntil,
                answer.at(),
                remains && KeptAnswers.waits(answers, waiting, answer),
                notices,
                charge.notifyTo() == null ? notifyTo : charge.notifyTo(),
                charge.place() == null ? place : charge.place(),
                charge.containers() == null
                        ? countedUpTo
                        : Math.max(countedUpTo, charge.containers().highest()),
                KeptAnswers.with(answers, answer),
                heard.after(agreedAt, charge.step().opens(), charge.speaking()));
    }

    /** After a message came again and was not answered as before; where it is, it said when it came first. */
    public ChargingSession answeredAnew(ChargeAnswer answer) {
        List<ChargeAnswer> others =
                answers.stream().filter(each -> !each.isTo(answer.message())).toList();
        return new ChargingSession(
                number,
                partnerId,
                open,
                bar,
                grants,
                isToEnd() ? answer.at() : grantsUntil,
                answer.at(),
                KeptAnswers.waits(others, waiting, answer),
                notices,
                notifyTo,
                place,
                countedUpTo,
                KeptAnswers.with(others, answer),
                heard);
    }

    /** Told; it does not wait any more, because it was told to ask again. */
    public ChargingSession noticed() {
        return with(bar, grants, grantsUntil, false, notices + 1);
    }

    /** Barred and told so; nothing is promised to it any more. */
    public ChargingSession barred() {
        return with(Bar.TOLD, Map.of(), grantsUntil, false, notices + 1);
    }

    /** Told to end; nothing is promised to it any more, and what it reports is counted for a while. */
    public ChargingSession ending(Instant now) {
        Instant silentAt = touchedAt.plus(OPEN_LIFE);
        Instant forgottenAt = (now.isAfter(silentAt) ? now : silentAt).plus(ENDING_LIFE);
        return with(bar, Map.of(), forgottenAt, false, notices + 1);
    }

    /** The same after no message of its own. */
    private ChargingSession with(
            Bar next, Map<GrantHolder, Promise> promised, Instant until, boolean waits, long told) {
        return new ChargingSession(
                number,
                partnerId,
                open,
                next,
                promised,
                until,
                touchedAt,
                waits,
                told,
                notifyTo,
                place,
                countedUpTo,
                answers,
                heard);
    }
}
