package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountLink;
import dev.octroi.quota.account.Actor;
import dev.octroi.secret.BlindIndex;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes where networks report travellers to be. Reports that cannot be used are rejected, none is kept: the next one tells more. */
public final class LocationIntake {
    private final SubscriberAccounts subscribers;
    private final Accounts accounts;
    private final JsonRecords json;
    private final InstantSource clock;

    /**
     * @param known remembers the accounts of subscribers; for a process that lives long
     * @param index hashes the identifiers of subscribers and devices as soon as they are read
     */
    public LocationIntake(
            Database database,
            Optional<KnownSubscribers> known,
            Accounts accounts,
            BlindIndex index,
            InstantSource clock) {
        this.subscribers = new SubscriberAccounts(requireNonNull(database, "database is null"), known);
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.json = new JsonRecords(requireNonNull(index, "index is null"));
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Moves accounts.
     *
     * @param lines one JSON object each, at most {@link UsageIntake#MAX_RECORDS}
     * @return one result for each line, in order, after everything is on disk; fails with {@link OverloadedException} when
     *     the gateway is too busy, and then all lines may be sent again
     */
    public Future<List<RecordResult>> locations(Feed feed, List<byte[]> lines) {
        List<Reported> read = new ArrayList<>(lines.size());
        for (byte[] line : lines) {
            read.add(json.location(line, feed));
        }
        return subscribers.find(read).compose(found -> move(feed, read, found));
    }

    private Future<List<RecordResult>> move(
            Feed feed, List<? extends Reported> read, Map<Subscriber, AccountLink> found) {
        Instant now = clock.instant();
        @Nullable RecordResult[] results = new @Nullable RecordResult[read.size()];
        List<Accounts.Submission> submissions = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            if (read.get(i) instanceof Reported.Location location) {
                AccountLink link = found.get(location.subscriber());
                AccountKey key = link == null ? null : link.account();
                if (key == null || !feed.serves(key.tenantId())) {
                    results[i] = Verdicts.rejected(Fault.UNKNOWN_SUBSCRIBER);
                } else if (location.at().isAfter(now.plus(UsageIntake.CLOCK_SKEW))) {
                    results[i] = Verdicts.rejected(Fault.IN_FUTURE);
                } else {
                    submissions.add(new Accounts.Submission(
                            key,
                            new AccountCommand.ReportLocation(
                                    location.plmn(),
                                    Countries.of(location.plmn()),
                                    location.tac(),
                                    location.cell(),
                                    location.deviceHash(),
                                    location.at(),
                                    Actor.network(feed.source()))));
                    places.add(i);
                }
            } else if (read.get(i) instanceof Reported.Bad bad) {
                results[i] = RecordResult.of(null, bad.fault(), bad.detail());
            }
        }
        return accounts.submitAll(submissions).map(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                results[places.get(i)] = Verdicts.result(null, outcomes.get(i));
            }
            return Arrays.<RecordResult>asList(results);
        });
    }
}
