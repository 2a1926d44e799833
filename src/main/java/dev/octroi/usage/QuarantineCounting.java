package dev.octroi.usage;

import dev.octroi.db.Database;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Answer;
import dev.octroi.quota.account.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts quarantined records after all, many at once. It notes nothing: what a crash leaves unnoted is a duplicate later. */
final class QuarantineCounting {
    private final Database database;
    private final Accounts accounts;
    private final AccountLinkStore links = new AccountLinkStore();

    /**
     * A record that waits.
     *
     * @param id its number
     * @param waiting what it needs to be counted
     */
    record Numbered(long id, QuarantineStore.Waiting waiting) {}

    /** A record that waits, and whose it is; null where nobody knows. */
    record Owned(
            long id,
            QuarantineStore.Waiting waiting,
            @Nullable AccountKey account) {}

    QuarantineCounting(Database database, Accounts accounts) {
        this.database = database;
        this.accounts = accounts;
    }

    /** Whose records are, each by the time that it is of; in their order. */
    Future<List<Owned>> owned(List<Numbered> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<AccountLinkStore.Use> uses = records.stream()
                .map(each -> SubscriberAccounts.use(
                        each.waiting().subscriber(), each.waiting().record()))
                .toList();
        return links.at(database.workerPool(), uses).map(accountsOf -> {
            List<Owned> owned = new ArrayList<>();
            for (int i = 0; i < records.size(); i++) {
                Numbered each = records.get(i);
                owned.add(new Owned(each.id(), each.waiting(), accountsOf[i]));
            }
            return owned;
        });
    }

    /**
     * Counts records whose account is known; the accounts of those that are counted now, or were before, by their numbers.
     *
     * @param by who has a record counted
     */
    Future<Map<Long, AccountKey>> count(List<Owned> ready, Function<QuarantineStore.Waiting, Actor> by) {
        List<Long> ids = new ArrayList<>();
        List<Accounts.Submission> submissions = new ArrayList<>();
        for (Owned each : ready) {
            AccountKey key = each.account();
            if (key != null) {
                ids.add(each.id());
                submissions.add(new Accounts.Submission(
                        key, new AccountCommand.CountUsage(each.waiting().record(), by.apply(each.waiting()))));
            }
        }
        return accounts.submitEach(submissions).map(answers -> counted(ids, submissions, answers));
    }

    private static Map<Long, AccountKey> counted(
            List<Long> ids, List<Accounts.Submission> submissions, List<Answer> answers) {
        Map<Long, AccountKey> counted = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Answer.Told told && !(told.outcome() instanceof Outcome.Refused)) {
                counted.put(ids.get(i), submissions.get(i).key());
            }
        }
        return counted;
    }
}
