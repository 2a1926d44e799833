package dev.octroi.quota.decide;

import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.OverageView;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.PlaceView;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.SharedView;
import dev.octroi.quota.account.Windows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes what people see from what is known. */
public final class Views {
    private static final Comparator<Restriction> BY_CLASS = Comparator.comparing(Restriction::restrictionClass)
            .thenComparing(Restriction::from)
            .thenComparing(Restriction::id);
    /** How long after its end a record may come, unless a gateway is told otherwise. */
    public static final Duration LATENESS = Duration.ofDays(3);

    private Views() {}

    /** As the longer form, where records come as late as usual. */
    public static AccountView of(
            AccountState state,
            @Nullable AccountState owner,
            Instant now,
            @Nullable Forecast forecast,
            @Nullable Delivery delivery) {
        return of(state, owner, now, forecast, delivery, LATENESS);
    }

    /**
     * @param owner the account whose volume it spends; null: its own
     * @param lateness how long after its end a record may come
     */
    public static AccountView of(
            AccountState state,
            @Nullable AccountState owner,
            Instant now,
            @Nullable Forecast forecast,
            @Nullable Delivery delivery,
            Duration lateness) {
        return of(state, owner, List.of(state), now, forecast, delivery, lateness);
    }

    /**
     * As the shorter form, with all that spend the volume: it changes with the records of each.
     *
     * @param sharers all that spend the same volume, the account among them
     */
    public static AccountView of(
            AccountState state,
            @Nullable AccountState owner,
            Collection<AccountState> sharers,
            Instant now,
            @Nullable Forecast forecast,
            @Nullable Delivery delivery,
            Duration lateness) {
        AccountState volume = volume(state, owner);
        long total = 0;
        long used = 0;
        for (Bucket bucket : volume.buckets()) {
            boolean spendable = bucket.isFor(state.charges().zone());
            total += spendable ? bucket.quotaBytes() : 0;
            used += spendable ? bucket.usedBytes() : 0;
        }
        Counter today = state.day().at(Windows.dayStart(now, state.dayZone()));
        return new AccountView(
                state.key(),
                state.subscriptionId(),
                state.version(),
                Spending.order(volume.buckets(), Allowances.renewsAt(volume)),
                total,
                used,
                total - used,
                state.beyondVolumeBytes(),
                state.countedBytes(),
                today.bytes(),
                state.policy(),
                state.restrictions().stream().sorted(BY_CLASS).toList(),
                ruleSets(state),
                Arrivals.freshness(sharers, volume, now, lateness),
                Arrivals.freshness(state, volume, now, lateness),
                forecast,
                place(state),
                state.timeZone(),
                state.dayZone(),
                state.zoneChange(),
                period(volume, now),
                delivery,
                state.background(),
                overage(volume, now),
                SharedView.of(state, owner == null ? state : owner, now),
                now);
    }

    /**
     * The plan's period.
     *
     * @param owner whose volume it draws from; null: its own, or nobody's any more
     */
    public static PeriodView period(AccountState state, @Nullable AccountState owner, Instant now) {
        return period(volume(state, owner), now);
    }

    /** The account whose volume is spent: its own where it has left the owner's. */
    public static AccountState volume(AccountState state, @Nullable AccountState owner) {
        return owner == null || !draws(state) ? state : owner;
    }

    /** A member that left has a plan of its own that is over. */
    private static boolean draws(AccountState state) {
        return !(state.share() instanceof Share.Member member) || member.leftAt() == null;
    }

    private static @Nullable OverageView overage(AccountState state, Instant now) {
        Overage overage = state.terms().overage();
        if (overage == null) {
            return null;
        }
        Charges charges = state.charges();
        Instant month = charges.month();
        boolean isOver = month != null && !now.isBefore(OverageWatch.monthEnd(month, state.dayZone()));
        return new OverageView(
                overage.pricePerMegabyte(),
                state.terms().zoneTariffs().stream()
                        .flatMap(tariff -> Optional.ofNullable(tariff.pricePerGigabyteMinor()).stream()
                                .map(price -> new OverageView.ZonePrice(
                                        tariff.zoneId(), tariff.name(), overage.pricePerMegabyte(price))))
                        .toList(),
                overage.money(overage.ceilingMinor()),
                overage.money(OverageWatch.limitMinor(overage, charges)),
                overage.money(charges.minor()),
                overage.money(isOver ? 0 : charges.monthMinor()),
                charges.bytes(),
                charges.agreedAt());
    }

    private static List<RuleSet> ruleSets(AccountState state) {
        List<RuleSet> sets = new ArrayList<>();
        for (Rule.Owner owner : Rule.Owner.values()) {
            RuleSet found = new RuleSet(owner, 0, List.of());
            for (RuleSet set : state.rules()) {
                if (set.owner() == owner) {
                    found = set;
                }
            }
            sets.add(found);
        }
        return sets;
    }

    private static PeriodView period(AccountState state, Instant now) {
        Instant startsAt = state.startsAt();
        Instant endsAt = state.endsAt();
        if (startsAt == null || endsAt == null) {
            return waiting(state, now);
        }
        boolean ended = state.ended() || !now.isBefore(endsAt);
        return new PeriodView(
                ended ? PeriodView.State.ENDED : PeriodView.State.ACTIVE,
                startsAt,
                endsAt,
                state.terms().validity().start(),
                null,
                Allowances.renewsAt(state));
    }

    /** A plan that has not begun: where it would end if it began now, where it will end if its date is known. */
    private static PeriodView waiting(AccountState state, Instant now) {
        Validity validity = state.terms().validity();
        Instant fixed = validity.fixedStart(state.dayZone());
        int added = state.buckets().stream().mapToInt(Bucket::extendDays).sum();
        Instant end =
                PeriodWatch.later(validity.endOf(fixed == null ? now : fixed, state.dayZone()), added, state.dayZone());
        return new PeriodView(
                PeriodView.State.NOT_STARTED, fixed, fixed == null ? null : end, validity.start(), end, null);
    }

    private static @Nullable PlaceView place(AccountState state) {
        Place place = state.place();
        if (place == null) {
            return null;
        }
        String name = null;
        for (ZoneCap cap : state.terms().zoneCaps()) {
            if (cap.zoneId().equals(place.zoneId())) {
                name = cap.name();
            }
        }
        return new PlaceView(place.plmn(), place.country(), place.zoneId(), name, place.since());
    }
}
