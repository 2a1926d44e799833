package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.SharedView;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The evidence pack of a case: everything by which it can be judged, in one document. It holds volumes, times, zones and
 * decisions; no content, no destination, and no identifier of the card or the person.
 */
public final class Evidence {
    private static final Duration BEFORE = Duration.ofDays(14);
    private static final Duration AFTER = Duration.ofDays(1);
    private static final int DECISIONS = 100;
    private static final int CALLBACKS = 100;
    private static final int EVENTS = 200;
    private static final String CUT = "cut";

    private final Database database;
    private final AccountReader accounts;
    private final InstantSource clock;
    private final CaseStore cases = new CaseStore();
    private final AlarmReadStore alarms = new AlarmReadStore();
    private final EvidenceStore store = new EvidenceStore();

    public Evidence(Database database, AccountReader accounts, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * The pack of a case.
     *
     * @param tenantId the tenant of the one who asks; 0: the operator, for a case of any tenant
     * @return members {@code case}, {@code subscription}, {@code sold}, {@code account}, {@code shared}, {@code alarms},
     *     {@code finding}, {@code usage}, {@code records}, {@code decisions}, {@code callbacks}, {@code events},
     *     {@code dataQuality}, {@code cut}, {@code madeAt}; empty when there is no such case
     */
    public Future<Optional<JsonObject>> pack(int tenantId, long caseId) {
        return cases.find(database.workerPool(), tenantId, caseId)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : accounts.viewOfSubscription(
                                        found.get().tenantId(), found.get().subscriptionId())
                                .compose(account -> pack(found.get(), account))
                                .map(Optional::of));
    }

    private Future<JsonObject> pack(SupportCase subject, Optional<AccountView> account) {
        int tenantId = subject.tenantId();
        long subscription = subject.subscriptionId();
        JsonObject pack = new JsonObject()
                .put("case", CaseJson.write(subject))
                .put("subscription", PublicId.SUBSCRIPTION.format(subscription))
                .put("madeAt", clock.instant().toString())
                .put(CUT, new JsonArray());
        Instant until = subject.openedAt().plus(AFTER);
        return database.inWorker(connection -> store.sold(connection, tenantId, subscription)
                        .map(sold -> pack.put("sold", sold))
                        .compose(done -> cases.creditedBefore(connection, subject))
                        .compose(credited -> alarms.ofSubscription(connection, tenantId, subscription, 20)
                                .map(found -> {
                                    JsonArray list = new JsonArray();
                                    found.forEach(alarm -> list.add(CaseJson.write(alarm)));
                                    found.stream()
                                            .filter(alarm -> subject.alarmId().orElse(-1) == alarm.id())
                                            .findFirst()
                                            .ifPresent(
                                                    alarm -> pack.put("finding", Finding.of(alarm, account, credited)));
                                    return pack.put("alarms", list);
                                }))
                        .compose(done -> store.callbacks(connection, tenantId, subscription, until, CALLBACKS + 1))
                        .map(list -> put(pack, "callbacks", list, CALLBACKS))
                        .compose(done -> store.events(connection, tenantId, subscription, until, EVENTS + 1))
                        .map(list -> put(pack, "events", list, EVENTS)))
                .compose(done -> account.isEmpty()
                        ? Future.succeededFuture(pack)
                        : use(pack, subject, account.get()).compose(used -> shared(pack, account.get())));
    }

    /** Adds who shares the volume; in what was told and counted, the others keep no identifier. */
    private Future<JsonObject> shared(JsonObject pack, AccountView account) {
        return accounts.members(account.key().tenantId(), account.key().accountId())
                .map(members -> {
                    SharedEvidence evidence = new SharedEvidence(account.subscriptionId(), members);
                    SharedView shared = account.shared();
                    if (shared != null) {
                        pack.put("shared", evidence.part(shared));
                    }
                    return pack.put("events", evidence.unnamed(pack.getJsonArray("events")))
                            .put("records", evidence.unnamed(pack.getJsonArray("records")));
                });
    }

    private Future<JsonObject> use(JsonObject pack, SupportCase subject, AccountView account) {
        Instant from = subject.openedAt().minus(BEFORE);
        Instant to = subject.openedAt().plus(AFTER);
        int tenantId = subject.tenantId();
        long accountId = account.key().accountId();
        pack.put("account", EvidenceJson.account(account));
        return accounts.usageByHour(tenantId, accountId, from, to)
                .map(hours -> pack.put("usage", EvidenceJson.usage(hours)))
                .compose(done -> accounts.decisions(tenantId, accountId, to, DECISIONS + 1))
                .map(decisions -> put(pack, "decisions", EvidenceJson.decisions(decisions), DECISIONS))
                .compose(done -> database.inWorker(
                        connection -> store.records(connection, tenantId, accountId, from, subject.openedAt(), to)
                                .map(records -> pack.put("records", records))
                                .compose(read -> store.quality(connection, tenantId, accountId, from, to))
                                .map(quality -> counted(pack, quality))));
    }

    /** Of records there are two ends that may be missing; how many there are is counted. */
    private static JsonObject counted(JsonObject pack, JsonObject quality) {
        if (quality.getLong("records") > pack.getJsonArray("records").size()) {
            pack.getJsonArray(CUT).add("records");
        }
        return pack.put("dataQuality", quality);
    }

    /** @param list one more than its limit where there are more, which is then said */
    private static JsonObject put(JsonObject pack, String name, JsonArray list, int limit) {
        if (list.size() > limit) {
            list.remove(limit);
            pack.getJsonArray(CUT).add(name);
        }
        return pack.put(name, list);
    }
}
