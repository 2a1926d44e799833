package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.catalog.LabelText;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Database;
import dev.octroi.drain.NormalBand;
import dev.octroi.notice.Channels;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.Explanation;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.subscription.TimelineEntry;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.support.Alarm;
import dev.octroi.support.Cases;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads what the page shows. */
final class SelfCareReader {
    private static final int DAYS = 14;
    private static final int STEPS = 10;
    /** More at once are of one cause. */
    private static final int ALARMS = 3;
    /** Where the plan is not known any more. */
    private static final int WARN_AT_PERCENT = 80;

    private final Database database;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final PlanStore plans;
    private final AccountReader accounts;
    private final Cases cases;
    private final Channels channels;
    private final TimelineStore timeline = new TimelineStore();

    SelfCareReader(
            Database database,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            PlanStore plans,
            AccountReader accounts,
            Cases cases,
            Channels channels) {
        this.database = requireNonNull(database, "database is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.plans = requireNonNull(plans, "plans is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.cases = requireNonNull(cases, "cases is null");
        this.channels = requireNonNull(channels, "channels is null");
    }

    /** What one statement block of the tenant's transaction gives. */
    private record Ground(
            Subscription subscription,
            Optional<SubscriptionProfile> profile,
            List<TimelineEntry> steps,
            Optional<Plan> plan,
            NoticeView notices) {
        private Optional<Installation> installation(Instant now) {
            return profile.map(found -> new Installation(found, steps, now));
        }
    }

    /** The account of the link's subscription; fails when it is gone. */
    Future<AccountView> account(Principal traveller) {
        return accounts.viewOfSubscription(traveller.tenantId(), subscriptionId(traveller))
                .map(Optional::orElseThrow);
    }

    /** Who spends the same volume; empty when the link's subscription is gone, or left. */
    Future<Optional<MembersView>> members(Principal traveller) {
        return account(traveller)
                .compose(account ->
                        accounts.members(traveller.tenantId(), account.key().accountId()));
    }

    /** The account of another subscription of the link's tenant. */
    Future<Optional<AccountKey>> accountKey(Principal traveller, long subscriptionId) {
        return accounts.keyOfSubscription(traveller.tenantId(), subscriptionId);
    }

    /**
     * What held at a moment, and why.
     *
     * @param moment the moment, given what time it is
     */
    Future<Explanation> explain(Principal traveller, UnaryOperator<Instant> moment) {
        return account(traveller)
                .compose(account -> accounts.explain(
                        traveller.tenantId(), account.key().accountId(), moment.apply(account.readAt())))
                .map(Optional::orElseThrow);
    }

    /** The language chosen at the order. */
    Future<String> language(Principal traveller) {
        return database.inTenant(
                        traveller.tenantId(),
                        connection -> subscriptions.find(connection, traveller.tenantId(), subscriptionId(traveller)))
                .map(found -> found.map(Subscription::language).orElse("en"));
    }

    /** Everything, with the label in a language. */
    Future<SelfCareView> view(Principal traveller, Locale locale) {
        int tenant = traveller.tenantId();
        Future<Ground> ground = database.inTenant(tenant, connection -> ground(connection, traveller));
        Future<Cases.Heard> heard = cases.heardOf(tenant, subscriptionId(traveller));
        return Future.all(ground, account(traveller), heard)
                .compose(all -> usage(tenant, all.resultAt(1))
                        .map(usage -> new SelfCareView(
                                ground.result().subscription(),
                                all.resultAt(1),
                                ground.result()
                                        .installation(
                                                all.<AccountView>resultAt(1).readAt()),
                                usage.hours(),
                                usage.days(),
                                heard.result().alarms().stream()
                                        .filter(alarm -> AlarmSection.isShown(alarm, all.resultAt(1)))
                                        .limit(ALARMS)
                                        .toList(),
                                heard.result().alarms().stream()
                                        .mapToLong(Alarm::savedBytes)
                                        .sum(),
                                heard.result()
                                        .settled()
                                        .filter(each -> SettledSection.isShown(
                                                each,
                                                all.<AccountView>resultAt(1).readAt())),
                                usage.band(),
                                usage.members(),
                                label(ground.result().plan(), locale),
                                ground.result()
                                        .plan()
                                        .map(plan -> plan.offer().terms().warnAtPercent())
                                        .orElse(WARN_AT_PERCENT),
                                ground.result()
                                        .plan()
                                        .map(plan -> plan.offer().countries())
                                        .orElse(List.of()),
                                zoneNames(ground.result().plan()),
                                ground.result().notices())));
    }

    /** Whether an alarm, of the newest 50, was last answered so. */
    Future<Boolean> isAnswered(Principal traveller, int incident, boolean meant) {
        return cases.alarmsOf(traveller.tenantId(), subscriptionId(traveller))
                .map(alarms -> alarms.stream()
                        .anyMatch(alarm ->
                                alarm.incident() == incident && alarm.meant().equals(Optional.of(meant))));
    }

    private Future<Ground> ground(SqlConnection connection, Principal traveller) {
        int tenant = traveller.tenantId();
        return subscriptions
                .find(connection, tenant, subscriptionId(traveller))
                .map(Optional::orElseThrow)
                .compose(subscription -> profiles.find(connection, tenant, subscription.profileId())
                        .compose(profile -> timeline.steps(connection, tenant, subscription.id(), STEPS)
                                .compose(steps -> plans.find(
                                                connection, tenant, subscription.planId(), subscription.planVersion())
                                        .compose(plan -> notices(connection, traveller)
                                                .map(notices ->
                                                        new Ground(subscription, profile, steps, plan, notices))))));
    }

    /** How the traveller is told what happens. */
    private Future<NoticeView> notices(SqlConnection connection, Principal traveller) {
        return channels.sends()
                ? channels.find(connection, traveller.tenantId(), subscriptionId(traveller))
                        .map(channel -> new NoticeView(true, channel))
                : Future.succeededFuture(NoticeView.SHOP);
    }

    private record Usage(
            List<UsagePoint> hours, List<UsagePoint> days, Optional<NormalBand> band, Optional<MembersView> members) {}

    private Future<Usage> usage(int tenant, AccountView account) {
        Instant now = account.readAt();
        long id = account.key().accountId();
        Future<List<UsagePoint>> hours =
                accounts.usageByHour(tenant, id, now.minus(Duration.ofHours(25)), now.plus(Duration.ofHours(1)));
        Future<List<UsagePoint>> days =
                accounts.usageByDay(tenant, id, now.minus(Duration.ofDays(DAYS)), now.plus(Duration.ofHours(1)));
        Future<Optional<NormalBand>> band = accounts.band(tenant, id);
        Future<Optional<MembersView>> members =
                account.shared() == null ? Future.succeededFuture(Optional.empty()) : accounts.members(tenant, id);
        return Future.all(hours, days, band, members)
                .map(all -> new Usage(hours.result(), days.result(), band.result(), members.result()));
    }

    private static List<SelfCareView.LabelEntry> label(Optional<Plan> plan, Locale locale) {
        return plan.map(found -> LabelText.lines(found.offer(), locale).stream()
                        .map(line -> new SelfCareView.LabelEntry(line.title(), line.text()))
                        .toList())
                .orElse(List.of());
    }

    private static Map<String, String> zoneNames(Optional<Plan> plan) {
        Map<String, String> names = new HashMap<>();
        plan.map(each -> each.offer().terms()).ifPresent(terms -> {
            terms.zoneTariffs().forEach(tariff -> names.put(tariff.zoneId(), tariff.name()));
            terms.zoneCaps().forEach(cap -> names.put(cap.zoneId(), cap.name()));
        });
        return names;
    }

    private static long subscriptionId(Principal traveller) {
        return traveller.subscriptionId().orElseThrow();
    }
}
