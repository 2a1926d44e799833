package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.notice.words.NoticeKind;
import dev.octroi.notice.words.NoticeRules;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what happened, tenant by tenant in the order of the feed, and puts down what travellers are to be told of it. Whoever counts
 * usage knows nothing of it. One gateway reads a tenant at a time; what it found and how far it came are one transaction, and an event
 * has one row, so that nothing is lost and nothing told twice however often it is read.
 */
final class NoticeFeed {
    /** What is older when it is read is not told any more. */
    static final Duration OLDEST = Duration.ofDays(3);

    private static final int PAGE = 1_000;
    private static final int MAX_PAGES = 20;

    private final Database database;
    private final InstantSource clock;
    private final NoticeMetrics metrics;
    private final CursorStore cursors = new CursorStore();
    private final NoticeStore notices = new NoticeStore();

    NoticeFeed(Database database, InstantSource clock, NoticeMetrics metrics) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Reads what is new of all tenants; how many events are to be told. */
    Future<Integer> read() {
        return cursors.tenants(database.workerPool()).compose(tenants -> {
            Future<Integer> all = Future.succeededFuture(0);
            for (int tenant : tenants) {
                all = all.compose(before -> read(tenant, MAX_PAGES).map(found -> before + found));
            }
            return all;
        });
    }

    private Future<Integer> read(int tenantId, int pages) {
        return database.inWorker(connection -> page(connection, tenantId))
                .compose(page -> page.isFull() && pages > 1
                        ? read(tenantId, pages - 1).map(more -> page.told() + more)
                        : Future.succeededFuture(page.told()));
    }

    private record Page(int told, boolean isFull) {}

    private Future<Page> page(SqlConnection connection, int tenantId) {
        Instant since = clock.instant().minus(OLDEST);
        return cursors.lock(connection, tenantId)
                .compose(after -> after.isEmpty()
                        ? Future.succeededFuture(new Page(0, false))
                        : cursors.page(connection, tenantId, after.get(), NoticeRules.TYPES, since, PAGE)
                                .compose(read -> keep(connection, tenantId, read)));
    }

    private Future<Page> keep(SqlConnection connection, int tenantId, List<CursorStore.Read> read) {
        if (read.isEmpty()) {
            return Future.succeededFuture(new Page(0, false));
        }
        List<NoticeStore.New> told = new ArrayList<>();
        read.forEach(each -> of(tenantId, each).ifPresent(told::add));
        metrics.read(told.size());
        return notices.add(connection, told)
                .compose(done ->
                        cursors.move(connection, tenantId, read.getLast().id()))
                .map(new Page(told.size(), read.size() == PAGE));
    }

    private static Optional<NoticeStore.New> of(int tenantId, CursorStore.Read read) {
        CursorStore.Told told = read.told();
        if (told == null) {
            return Optional.empty();
        }
        return NoticeRules.of(NoticeEvents.of(told.type(), told.data(), told.at()))
                .filter(choice -> isWanted(choice.kind(), told.muted()))
                .map(choice -> new NoticeStore.New(
                        tenantId,
                        read.id(),
                        told.subscriptionId(),
                        told.channelNumber(),
                        choice.urgent(),
                        told.maxPerDay(),
                        told.at()));
    }

    private static boolean isWanted(NoticeKind kind, List<String> muted) {
        return !muted.contains(kind.word());
    }
}
