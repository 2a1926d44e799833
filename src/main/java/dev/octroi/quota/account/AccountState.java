package dev.octroi.quota.account;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.drain.DrainState;
import dev.octroi.drain.PlanClass;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RuleSet;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that deciding needs to know of one account. Never changed; {@code Decider} makes the next one.
 *
 * @param key which account
 * @param subscriptionId its subscription
 * @param version one more for each batch written; 0 before the first
 * @param terms the plan as sold
 * @param timeZone the traveller's
 * @param openedAt when the account was opened
 * @param startsAt first moment of the period; null before it is known
 * @param endsAt first moment after it; null before it is known
 * @param ended whether the period's end was acted on
 * @param renewedAt beginning of the window of a volume that renews; null before the first
 * @param buckets by their number; {@code Spending} knows the order in which they are spent
 * @param usedBytes taken from the buckets
 * @param beyondBytes used while the buckets were empty or outside the period
 * @param warnedTotalBytes the total for which the warning was given, 0 when it was not
 * @param hour bytes of the current hour, UTC
 * @param day bytes of the current day of the account's day zone
 * @param week bytes of the current week of the account's day zone
 * @param rules of each owner that ever wrote some
 * @param ruleCounts by {@code owner:id}
 * @param restrictions all active causes
 * @param policy what holds, numbered
 * @param place where the device is
 * @param drain what the drain detector remembers; never changed in place here
 * @param sessions high-water marks of the sessions that commands at hand refer to
 * @param lastEventAt end of the latest record
 * @param lastReceivedAt when a record was last received
 * @param background the traveller's switch
 * @param device the device it was last seen in; null while no feed has named one
 * @param charging its charging sessions, by number
 * @param charges what use beyond the volume has cost
 * @param hours use that is not among the hourly sums yet
 * @param share whose volume it spends
 * @param zoneChange the last change of the time zone, or the one that waits; null: there was none
 */
public record AccountState(
        AccountKey key,
        long subscriptionId,
        long version,
        PlanTerms terms,
        ZoneId timeZone,
        Instant openedAt,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        boolean ended,
        @Nullable Instant renewedAt,
        List<Bucket> buckets,
        long usedBytes,
        long beyondBytes,
        long warnedTotalBytes,
        Counter hour,
        Counter day,
        Counter week,
        List<RuleSet> rules,
        Map<String, RuleCount> ruleCounts,
        List<Restriction> restrictions,
        Policy policy,
        @Nullable Place place,
        DrainMemory drain,
        Map<String, SessionMark> sessions,
        @Nullable Instant lastEventAt,
        @Nullable Instant lastReceivedAt,
        Background background,
        @Nullable Device device,
        List<ChargingSession> charging,
        Charges charges,
        OpenHours hours,
        Share share,
        @Nullable ZoneChange zoneChange) {
    private static final long MB = 1_000_000;
    private static final int DAYS_PER_MONTH = 30;

    /** An account without history; its plan's period is not begun yet. */
    public static AccountState fresh(NewAccount account) {
        return fresh(account, buckets(account.terms()), Share.ALONE);
    }

    private static AccountState fresh(NewAccount account, List<Bucket> buckets, Share share) {
        PlanTerms terms = account.terms();
        return new AccountState(
                account.key(),
                account.subscriptionId(),
                0,
                terms,
                account.timeZone(),
                account.openedAt(),
                null,
                null,
                false,
                null,
                buckets,
                0,
                0,
                0,
                Counter.EMPTY,
                Counter.EMPTY,
                Counter.EMPTY,
                List.of(),
                Map.of(),
                List.of(),
                Policy.UNRESTRICTED,
                null,
                DrainMemory.of(freshDrain(terms)),
                Map.of(),
                null,
                null,
                Background.ON,
                null,
                List.of(),
                Charges.NONE,
                OpenHours.NONE,
                share,
                null);
    }

    /** An account that spends another one's volume: it has none of its own, and no period. */
    public static AccountState member(NewAccount account, long ownerId) {
        return fresh(account, List.of(), Share.Member.joining(ownerId));
    }

    /** The plan's own volume, and those for one zone. */
    private static List<Bucket> buckets(PlanTerms terms) {
        List<Bucket> buckets = new ArrayList<>();
        buckets.add(new Bucket(1, Bucket.Kind.PLAN, "plan", terms.planName(), terms.quotaBytes(), 0));
        for (ZoneTariff tariff : terms.zoneTariffs()) {
            if (tariff.includedBytes() > 0) {
                buckets.add(new Bucket(
                        buckets.size() + 1,
                        Bucket.Kind.ZONE,
                        tariff.zoneId(),
                        tariff.name(),
                        tariff.includedBytes(),
                        0));
            }
        }
        return List.copyOf(buckets);
    }

    /** What it used beyond the volume that it spends now; what a late member used before it joined is not among it. */
    public long beyondVolumeBytes() {
        return beyondBytes - share.notSharedBytes();
    }

    /** The accounts that spend one volume with it, itself among them; empty where it is alone. */
    public Set<AccountKey> sharers() {
        return switch (share) {
            case Share.Alone alone -> Set.of();
            case Share.Member member -> Set.of(key, new AccountKey(key.tenantId(), member.ownerId()));
            case Share.Owner owner -> {
                Set<AccountKey> all = new HashSet<>();
                all.add(key);
                owner.members().forEach(id -> all.add(new AccountKey(key.tenantId(), id)));
                yield all;
            }
        };
    }

    /** The account whose volume it spends: its own key, but for members. */
    public AccountKey volumeKey() {
        return share instanceof Share.Member member ? new AccountKey(key.tenantId(), member.ownerId()) : key;
    }

    /** All bytes ever counted: what the ledger's deltas add up to. */
    public long countedBytes() {
        return usedBytes + beyondBytes;
    }

    /** The zone whose midnights end days, weeks and months. */
    public ZoneId dayZone() {
        return terms.dayZone().of(timeZone);
    }

    /** The same as the next version on disk, with these open hours. */
    public AccountState written(long number, OpenHours openHours) {
        return with(number, sessions, openHours);
    }

    /** The same that also knows where sessions stood. */
    public AccountState withSessions(Map<String, SessionMark> marks) {
        return with(version, Map.copyOf(marks), hours);
    }

    private AccountState with(long number, Map<String, SessionMark> marks, OpenHours openHours) {
        return new AccountState(
                key,
                subscriptionId,
                number,
                terms,
                timeZone,
                openedAt,
                startsAt,
                endsAt,
                ended,
                renewedAt,
                buckets,
                usedBytes,
                beyondBytes,
                warnedTotalBytes,
                hour,
                day,
                week,
                rules,
                ruleCounts,
                restrictions,
                policy,
                place,
                drain,
                marks,
                lastEventAt,
                lastReceivedAt,
                background,
                device,
                charging,
                charges,
                openHours,
                share,
                zoneChange);
    }

    /** What the detector knows of an account of these terms before its first record. */
    public static DrainState freshDrain(PlanTerms terms) {
        return DrainState.fresh(planClass(terms));
    }

    private static PlanClass planClass(PlanTerms terms) {
        Renewal renewal = terms.renewal();
        long days = renewal != null
                ? switch (renewal.every()) {
                    case DAY -> 1L;
                    case WEEK -> 7L;
                    case MONTH -> (long) DAYS_PER_MONTH;
                }
                : switch (terms.validity().unit()) {
                    case DAY -> terms.validity().amount();
                    case WEEK -> 7L * terms.validity().amount();
                    case MONTH -> (long) DAYS_PER_MONTH * terms.validity().amount();
                };
        return PlanClass.of(terms.planName(), terms.quotaBytes() / MB * DAYS_PER_MONTH / days);
    }
}
