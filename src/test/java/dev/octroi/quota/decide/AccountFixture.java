package dev.octroi.quota.decide;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.Category;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/** Plans, accounts and records that tests of deciding begin with. */
public final class AccountFixture {
    public static final long MB = 1_000_000;
    public static final long GB = 1_000 * MB;
    public static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    public static final Actor NETWORK = Actor.network("net-a");
    public static final Actor ADMIN = new Actor(Actor.Kind.ADMIN, "ada", "jti-1");

    private AccountFixture() {}

    /** Three gigabytes for seven days from the order, then 384 kbit/s; slow in central Paris. */
    public static PlanTerms france() {
        return terms(3 * GB, new AfterQuota.Throttle(Speed.both(384)), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    /** Terms whose drain alarms only tell: what the detector thinks of a test's traffic is not that test's matter. */
    public static PlanTerms terms(long quotaBytes, AfterQuota after, Validity validity) {
        return terms(quotaBytes, after, validity, DrainPolicy.NOTIFY);
    }

    public static PlanTerms terms(long quotaBytes, AfterQuota after, Validity validity, DrainPolicy drain) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "France",
                quotaBytes,
                validity,
                after,
                80,
                List.of(new ZoneCap(
                        "zone_paris", "Paris centre", Set.of("208-01-7501", "208-01-7502"), new Speed(1_000, 500))),
                drain,
                DayZone.TRAVELLER);
    }

    /** The state of an account that was opened at a moment; a plan that begins with the order has begun. */
    public static AccountState begun(Decider decider, PlanTerms terms, Instant at) {
        AccountState fresh = AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, PARIS, at));
        AccountCommand.StartPeriod order =
                new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, at, ADMIN);
        return decider.decide(fresh, order, at).state();
    }

    /** The same with each of its volumes filled anew, to a size. */
    public static AccountState refilled(Decider decider, AccountState state, long quotaBytes, Instant at) {
        Draft draft = decider.draft(state, at);
        draft.buckets =
                state.buckets().stream().map(each -> each.renew(quotaBytes, 0)).toList();
        return draft.toState();
    }

    /** The same that spends a volume with others. */
    public static AccountState sharing(AccountState state, Share share, Instant at) {
        Draft draft = new Draft(state, at);
        draft.share = share;
        return draft.toState();
    }

    /** The same held back by one thing more. */
    public static AccountState restricted(AccountState state, Restriction restriction, Instant at) {
        Draft draft = new Draft(state, at);
        draft.restrict(restriction);
        draft.settle(ADMIN);
        return draft.toState();
    }

    public static UsageRecord record(String key, long bytes, Instant end) {
        return new UsageRecord(
                "net-a",
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                end.minusSeconds(60),
                end,
                end.plusSeconds(5),
                bytes / 10,
                bytes - bytes / 10,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB);
    }

    /** The same record of another time. */
    public static UsageRecord during(UsageRecord record, Instant start, Instant end) {
        return new UsageRecord(
                record.source(),
                record.key(),
                record.meaning(),
                record.session(),
                record.counterBits(),
                start,
                end,
                end.plusSeconds(5),
                record.upBytes(),
                record.downBytes(),
                record.plmn(),
                record.country(),
                record.trackingArea(),
                record.rat(),
                record.category(),
                record.destinationClass(),
                record.deviceHash());
    }

    /** Traffic of a moment, in France. */
    public static UsageRecord traffic(String key, Instant at, long up, long down, Category category) {
        return new UsageRecord(
                "net-a",
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                at,
                at,
                at,
                up,
                down,
                "208-01",
                "FR",
                null,
                "NR",
                category);
    }

    /** A balance as a feed reports it: what is left, or what is gone. */
    public static UsageRecord balance(String key, UsageRecord.Meaning meaning, String bundle, long bytes, Instant end) {
        return new UsageRecord(
                "net-a",
                key,
                meaning,
                bundle,
                64,
                end,
                end,
                end.plusSeconds(5),
                0,
                bytes,
                "208-01",
                "FR",
                null,
                "NR",
                Category.OTHER);
    }
}
