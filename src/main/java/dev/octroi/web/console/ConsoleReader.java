package dev.octroi.web.console;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.drain.NormalBand;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.subscription.TimelineEntry;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.support.Alarm;
import dev.octroi.support.Cases;
import dev.octroi.support.SupportCase;
import dev.octroi.usage.Quarantine;
import dev.octroi.usage.QuarantinedRecord;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what the pages show, always for the tenant of the caller's token. */
final class ConsoleReader {
    /** As balances and use by the hour need it in the APIs. */
    static final String USE = "usage:read";

    private static final int TIMELINE_ENTRIES = 50;
    private static final int CASES = 20;
    private static final int CHANGES = 30;
    private static final Duration LATELY = Duration.ofHours(24);
    /** Later than any event. */
    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    private final Database database;
    private final AccountReader accounts;
    private final TimelineStore timeline;
    private final Cases cases;
    private final Quarantine quarantine;
    private final PolicyChanges changes;
    private final InstantSource clock;
    private final ConsoleStore store = new ConsoleStore();

    ConsoleReader(
            Database database,
            AccountReader accounts,
            TimelineStore timeline,
            Cases cases,
            Quarantine quarantine,
            PolicyChanges changes,
            InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.timeline = requireNonNull(timeline, "timeline is null");
        this.cases = requireNonNull(cases, "cases is null");
        this.quarantine = requireNonNull(quarantine, "quarantine is null");
        this.changes = requireNonNull(changes, "changes is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    Future<Page> subscriptions(Principal who, long beforeId) {
        Instant now = clock.instant();
        int tenant = who.tenantId();
        return database.inWorker(connection -> store.totals(connection, tenant, now.minus(LATELY))
                .compose(totals -> store.subscriptions(connection, tenant, beforeId, SubscriptionsPage.ROWS + 1)
                        .map(rows -> SubscriptionsPage.of(rows, totals, who, now))));
    }

    Future<Page> subscription(Principal who, String publicId) {
        OptionalLong id = PublicId.SUBSCRIPTION.parse(publicId);
        if (id.isEmpty()) {
            return Future.succeededFuture(unknown());
        }
        return database.inWorker(connection -> store.subscription(connection, who.tenantId(), id.getAsLong()))
                .compose(found -> found.isEmpty() ? Future.succeededFuture(unknown()) : subscription(who, found.get()));
    }

    Future<Page> alarms(Principal who, long beforeId) {
        Instant now = clock.instant();
        return cases.alarms(who.tenantId(), "open", 0, beforeId, AlarmsPage.ROWS + 1)
                .compose(alarms ->
                        cases.precision(who.tenantId()).map(precision -> AlarmsPage.of(alarms, precision, now)));
    }

    Future<Page> quarantine(Principal who, long afterId) {
        Instant now = clock.instant();
        return quarantine
                .list(who.tenantId(), QuarantinedRecord.Status.WAITING, afterId, QuarantinePage.ROWS + 1)
                .map(records -> QuarantinePage.of(records, now));
    }

    Future<Page> changes(Principal who) {
        Instant now = clock.instant();
        return database.inWorker(connection -> changes.newest(
                        connection, who.tenantId() == 0 ? null : who.tenantId(), CHANGES)
                .compose(found -> Future.all(found.stream()
                                .map(change -> changes.tally(connection, change)
                                        .map(tally -> new ChangesPage.Shown(change, tally)))
                                .toList())
                        .map(all -> ChangesPage.of(all.list(), who, now))));
    }

    Future<Page> callbacks(Principal who) {
        Instant now = clock.instant();
        int tenant = who.tenantId();
        return database.inWorker(connection -> store.waiting(connection, tenant, CallbacksPage.ROWS)
                .compose(waiting -> store.settled(connection, tenant, now.minus(LATELY), CallbacksPage.ROWS)
                        .compose(settled -> store.unconfirmed(connection, tenant, CallbacksPage.ROWS)
                                .compose(unconfirmed -> store.health(connection, tenant, now.minus(LATELY))
                                        .map(health ->
                                                CallbacksPage.of(health, unconfirmed, waiting, settled, who, now))))));
    }

    private Future<Page> subscription(Principal who, SubscriptionRow row) {
        Future<Optional<AccountView>> account = accounts.viewOfSubscription(row.tenantId(), row.id());
        Future<List<TimelineEntry>> entries = database.inTenant(
                row.tenantId(),
                connection ->
                        timeline.list(connection, row.tenantId(), row.id(), END, Long.MAX_VALUE, TIMELINE_ENTRIES));
        Future<Optional<SubscriptionPage.SupportFacts>> support =
                who.has("cases:read") ? support(row).map(Optional::of) : Future.succeededFuture(Optional.empty());
        return Future.all(account, entries, support)
                .compose(all -> account.result()
                        .map(view -> Future.join(use(who, row, view), members(row, view))
                                .map(both -> SubscriptionPage.of(
                                        new SubscriptionPage.Facts(
                                                row,
                                                view,
                                                both.resultAt(1),
                                                entries.result(),
                                                support.result(),
                                                both.resultAt(0),
                                                who.has(USE)),
                                        clock.instant())))
                        .orElseGet(() -> Future.succeededFuture(unknown())));
    }

    private Future<Optional<MembersView>> members(SubscriptionRow row, AccountView view) {
        return view.shared() == null
                ? Future.succeededFuture(Optional.empty())
                : accounts.members(row.tenantId(), view.key().accountId());
    }

    private Future<Optional<SubscriptionPage.UseFacts>> use(Principal who, SubscriptionRow row, AccountView view) {
        if (!who.has(USE)) {
            return Future.succeededFuture(Optional.empty());
        }
        Instant now = clock.instant();
        long account = view.key().accountId();
        Future<Optional<NormalBand>> band = accounts.band(row.tenantId(), account);
        Future<List<UsagePoint>> hours =
                accounts.usageByHour(row.tenantId(), account, now.minus(BandChart.SPAN), now.plus(Duration.ofHours(1)));
        return Future.all(band, hours)
                .map(both -> band.result().map(known -> new SubscriptionPage.UseFacts(known, hours.result())));
    }

    private Future<SubscriptionPage.SupportFacts> support(SubscriptionRow row) {
        Future<List<Alarm>> alarms = cases.alarmsOf(row.tenantId(), row.id());
        Future<List<SupportCase>> found = cases.list(row.tenantId(), "", row.id(), Long.MAX_VALUE, CASES);
        return Future.all(alarms, found)
                .map(both -> new SubscriptionPage.SupportFacts(alarms.result(), found.result()));
    }

    private static Page unknown() {
        return Page.message(404, "Not found", "There is no such subscription.");
    }
}
