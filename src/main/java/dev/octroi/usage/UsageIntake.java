package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.db.Database;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Answer;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.secret.BlindIndex;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the use that networks report: reads it, finds the accounts, keeps aside what cannot be counted, hands on the rest. */
public final class UsageIntake {
    private static final Logger log = LoggerFactory.getLogger(UsageIntake.class);

    /** Most records of one request. */
    public static final int MAX_RECORDS = 10_000;

    /** Clocks differ by this much before a record counts as from the future. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final Database database;
    private final SubscriberAccounts subscribers;
    private final Accounts accounts;
    private final JsonRecords json;
    private final InstantSource clock;
    private final Duration latenessHorizon;
    private final MeterRegistry meters;
    private final QuarantineStore quarantine = new QuarantineStore();

    /**
     * @param latenessHorizon records that end longer ago are kept aside
     * @param meters counts records by verdict and reason
     */
    public UsageIntake(
            Database database,
            Accounts accounts,
            BlindIndex index,
            InstantSource clock,
            Duration latenessHorizon,
            MeterRegistry meters) {
        this(database, Optional.empty(), accounts, index, clock, latenessHorizon, meters);
    }

    /** @param known remembers the accounts of subscribers; for a process that lives long */
    public UsageIntake(
            Database database,
            Optional<KnownSubscribers> known,
            Accounts accounts,
            BlindIndex index,
            InstantSource clock,
            Duration latenessHorizon,
            MeterRegistry meters) {
        this.database = requireNonNull(database, "database is null");
        this.subscribers = new SubscriberAccounts(database, known);
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.json = new JsonRecords(requireNonNull(index, "index is null"));
        this.clock = requireNonNull(clock, "clock is null");
        this.latenessHorizon = requireNonNull(latenessHorizon, "latenessHorizon is null");
        this.meters = requireNonNull(meters, "meters is null");
    }

    /**
     * Counts usage records.
     *
     * @param lines one JSON object each, at most {@link #MAX_RECORDS}
     * @return one result for each line, in order, after everything is on disk; fails with {@link OverloadedException} when
     *     the gateway is too busy, and then all lines may be sent again: what was counted is a duplicate
     */
    public Future<List<RecordResult>> usage(Feed feed, List<byte[]> lines) {
        Instant now = now();
        return records(
                feed, lines.stream().map(line -> json.usage(line, feed, now)).toList());
    }

    /**
     * Counts what a feed of another form has read already; otherwise as {@link #usage}.
     *
     * @param read usage records and what could not be read, at most {@link #MAX_RECORDS}
     */
    public Future<List<RecordResult>> records(Feed feed, List<? extends Reported> read) {
        if (read.size() > MAX_RECORDS) {
            throw new IllegalArgumentException("at most " + MAX_RECORDS + " records at once");
        }
        Instant now = now();
        if (!accounts.decidesAt(now)) {
            return Future.failedFuture(new OverloadedException("the gateway's clock is wrong"));
        }
        return subscribers
                .ofRecords(read)
                .compose(owners -> count(feed, read, owners, now))
                .onSuccess(this::meter);
    }

    /**
     * Reads a record whose members another form has named, such as the columns of a row; for {@link #records}.
     *
     * @param node members of the JSON form
     */
    public Reported read(JsonNode node, Feed feed) {
        return json.usage(node, feed, now());
    }

    /**
     * Reads the JSON form of one record; for {@link #records}.
     *
     * @param fallbackId stands for the identity of a record that brings none
     */
    public Reported read(byte[] line, Feed feed, String fallbackId) {
        return json.usage(line, feed, now(), fallbackId);
    }

    /** Keeps in the quarantine what can never be counted, for feeds that nobody answers; once for each place. */
    public Future<Void> keepUnreadable(Feed feed, List<Unreadable> unreadable) {
        return unreadable.isEmpty()
                ? Future.succeededFuture()
                : database.inWorker(
                        connection -> quarantine.keepUnreadable(connection, feed.source(), unreadable, now()));
    }

    /** The moment as which everything received now counts. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Future<List<RecordResult>> count(
            Feed feed, List<? extends Reported> read, @Nullable AccountKey[] owners, Instant now) {
        @Nullable RecordResult[] results = new @Nullable RecordResult[read.size()];
        List<QuarantineStore.Kept> kept = new ArrayList<>();
        List<Accounts.Submission> submissions = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Actor actor = Actor.network(feed.source());
        for (int i = 0; i < results.length; i++) {
            if (read.get(i) instanceof Reported.Bad bad) {
                results[i] = RecordResult.of(bad.key(), bad.fault(), bad.detail());
            } else if (read.get(i) instanceof Reported.Usage usage) {
                AccountKey key = owners[i];
                Fault fault = fault(feed.tenantId(), usage.record(), key, now, latenessHorizon);
                if (fault == null && key != null) {
                    submissions.add(new Accounts.Submission(key, new AccountCommand.CountUsage(usage.record(), actor)));
                    places.add(i);
                } else if (fault != null) {
                    results[i] = RecordResult.of(usage.id(), fault, Verdicts.detail(fault));
                    if (fault.kept()) {
                        kept.add(new QuarantineStore.Kept(
                                key, feed.tenantId(), usage.subscriber(), usage.record(), fault));
                    }
                }
            }
        }
        return keep(kept).compose(done -> submit(submissions)).compose(outcomes -> {
            List<QuarantineStore.Kept> unwritten = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                Reported.Usage usage = (Reported.Usage) read.get(places.get(i));
                Optional<Outcome> outcome = outcomes.get(i);
                if (outcome.isPresent()) {
                    results[places.get(i)] = Verdicts.result(usage.id(), outcome.get());
                } else {
                    results[places.get(i)] =
                            RecordResult.of(usage.id(), Fault.NOT_WRITTEN, Verdicts.detail(Fault.NOT_WRITTEN));
                    unwritten.add(new QuarantineStore.Kept(
                            submissions.get(i).key(),
                            feed.tenantId(),
                            usage.subscriber(),
                            usage.record(),
                            Fault.NOT_WRITTEN));
                }
            }
            return keep(unwritten).map(Arrays.<RecordResult>asList(results));
        });
    }

    private Future<Void> keep(List<QuarantineStore.Kept> kept) {
        return kept.isEmpty()
                ? Future.succeededFuture()
                : database.inWorker(connection -> quarantine.keep(connection, kept));
    }

    /** Outcomes in order; empty for a record that cannot be written, which must not keep the others from being counted. */
    private Future<List<Optional<Outcome>>> submit(List<Accounts.Submission> submissions) {
        return accounts.submitEach(submissions).compose(answers -> {
            List<Optional<Outcome>> outcomes = new ArrayList<>(answers.size());
            Throwable told = null;
            for (Answer answer : answers) {
                switch (answer) {
                    case Answer.Told each -> outcomes.add(Optional.of(each.outcome()));
                    case Answer.Failed each -> {
                        if (!Accounts.isCommandsFault(each.failure())) {
                            return Future.failedFuture(each.failure());
                        }
                        told = each.failure();
                        outcomes.add(Optional.empty());
                    }
                }
            }
            if (told != null) {
                log.error("usage records could not be written and are kept in the quarantine", told);
            }
            return Future.succeededFuture(outcomes);
        });
    }

    /** Why a record of a feed is not counted now, whose it is when that is known; null: it is counted. */
    static @Nullable Fault fault(
            int feedTenantId, UsageRecord record, @Nullable AccountKey key, Instant now, Duration latenessHorizon) {
        if (key == null) {
            return Fault.UNKNOWN_SUBSCRIBER;
        }
        if (!Feed.serves(feedTenantId, key.tenantId())) {
            return Fault.SUBSCRIBER_NOT_COVERED;
        }
        if (record.eventEnd().isAfter(now.plus(CLOCK_SKEW))) {
            return Fault.IN_FUTURE;
        }
        return record.eventEnd().isBefore(now.minus(latenessHorizon)) ? Fault.TOO_LATE : null;
    }

    private void meter(List<RecordResult> results) {
        record Kind(RecordResult.Verdict verdict, @Nullable Fault fault) {}
        Map<Kind, Integer> sums = new HashMap<>();
        for (RecordResult each : results) {
            sums.merge(new Kind(each.verdict(), each.fault()), 1, Integer::sum);
        }
        sums.forEach((kind, sum) -> meters.counter(
                        "octroi.usage.records",
                        "verdict",
                        kind.verdict().word(),
                        "reason",
                        kind.fault() == null ? "none" : kind.fault().word())
                .increment(sum));
    }
}
