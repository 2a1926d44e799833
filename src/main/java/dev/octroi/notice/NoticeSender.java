package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. A message is in one gateway's hand for a lease that is longer than sending takes, and is ended when the mail
 * server has taken it: a gateway that dies in between lets it be sent again, under the same Message-ID (docs/adr/0069).
 */
final class NoticeSender {
    private static final Logger log = LoggerFactory.getLogger(NoticeSender.class);

    /** Longer than everything between claim and end: letter, mail, and the word to the database. */
    private static final Duration LEASE = Duration.ofMinutes(15);
    /** Older ones of no urgency would only puzzle. */
    private static final Duration CALM = Duration.ofHours(6);

    /** Of one lane in one round: what goes on for long is a chain of futures that grows with it. */
    static final int PER_ROUND = 200;

    /** So often a server may fall silent over a message, and have sent it on each time. */
    private static final int MAX_UNSURE = 3;

    private static final Duration UNSURE_PAUSE = Duration.ofMinutes(30);
    private static final long FIRST_PAUSE_MS = 15_000;
    private static final long LAST_PAUSE_MS = 1_800_000;
    private static final int MAX_DOUBLINGS = 10;

    private final Database database;
    private final Letters letters;
    private final Mailer mailer;
    private final NoticeMetrics metrics;
    private final RandomGenerator random;
    private final double pauseScale;
    private final NoticeStore store = new NoticeStore();
    private final ChannelStore channels = new ChannelStore();
    private volatile boolean stopped;

    /** @param pauseScale factor on the pauses between attempts; 1 but in tests */
    NoticeSender(
            Database database,
            Letters letters,
            Mailer mailer,
            NoticeMetrics metrics,
            RandomGenerator random,
            double pauseScale) {
        this.database = requireNonNull(database, "database is null");
        this.letters = requireNonNull(letters, "letters is null");
        this.mailer = requireNonNull(mailer, "mailer is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.random = requireNonNull(random, "random is null");
        this.pauseScale = pauseScale;
    }

    /** Sends what is due, one after the other, until nothing is, no server is reached, or a round is full. */
    Future<Void> send() {
        return repeat(PER_ROUND, this::next);
    }

    /** Does something again while it says so, at most so often. */
    static Future<Void> repeat(int most, Supplier<Future<Boolean>> pass) {
        return most == 0
                ? Future.succeededFuture()
                : pass.get().compose(again -> again ? repeat(most - 1, pass) : Future.<Void>succeededFuture());
    }

    private Future<Boolean> next() {
        return stopped
                ? Future.succeededFuture(false)
                : store.claim(database.workerPool(), LEASE)
                        .compose(claimed -> claimed.map(each -> send(each).otherwise(false))
                                .orElseGet(() -> Future.succeededFuture(false)));
    }

    /** Takes nothing more in hand. */
    void stop() {
        stopped = true;
    }

    /** Whether the next one has a chance. */
    private Future<Boolean> send(NoticeStore.Claimed claimed) {
        if (claimed.ageSeconds() > life(claimed).toSeconds()) {
            return end(claimed, NoticeStore.End.DROPPED).map(true);
        }
        return letters.of(claimed)
                .compose(mail -> send(claimed, mail))
                .recover(failure ->
                        later(claimed, failure.getClass().getSimpleName()).map(true))
                .onFailure(failure -> log.warn(
                        "a message to a traveller was not put down: {}",
                        failure.getClass().getSimpleName()));
    }

    private Future<Boolean> send(NoticeStore.Claimed claimed, Optional<Mailer.Mail> mail) {
        if (mail.isEmpty()) {
            return end(claimed, NoticeStore.End.DROPPED).map(true);
        }
        return mailer.send(mail.get()).compose(outcome -> switch (outcome.result()) {
            case TAKEN -> end(claimed, NoticeStore.End.SENT).map(true);
            case REFUSED -> refused(claimed, outcome.why()).map(true);
            case LATER -> later(claimed, outcome.why()).map(true);
            case UNREACHED -> later(claimed, outcome.why()).map(false);
            case UNSURE -> unsure(claimed).map(false);
        });
    }

    private Future<Void> refused(NoticeStore.Claimed claimed, String why) {
        log.info("a traveller's address is refused by its server ({}); nothing more is sent there", why);
        return channels.fail(database.workerPool(), claimed.tenantId(), claimed.channelNumber())
                .compose(done -> end(claimed, NoticeStore.End.REFUSED));
    }

    private Future<Void> end(NoticeStore.Claimed claimed, NoticeStore.End end) {
        return store.end(database.workerPool(), claimed, end)
                .onSuccess(done -> metrics.ended(end, Duration.ofSeconds(Math.max(0, claimed.ageSeconds()))));
    }

    private Future<Void> later(NoticeStore.Claimed claimed, String why) {
        log.warn("a message to a traveller goes on later, attempt {}: {}", claimed.attempts(), why);
        metrics.putDown();
        return store.again(database.workerPool(), claimed, pause(claimed.attempts()));
    }

    /** Who waits too short for a word that comes sends one message many times. */
    private Future<Void> unsure(NoticeStore.Claimed claimed) {
        log.warn("the mail server fell silent over a message to a traveller; see mail.silence");
        Duration pause = Duration.ofMillis((long) (UNSURE_PAUSE.toMillis() * pauseScale));
        return store.unsure(database.workerPool(), claimed, pause, MAX_UNSURE)
                .onSuccess(isDropped -> {
                    if (isDropped) {
                        metrics.ended(NoticeStore.End.DROPPED, Duration.ofSeconds(Math.max(0, claimed.ageSeconds())));
                    } else {
                        metrics.putDown();
                    }
                })
                .mapEmpty();
    }

    /** Between four fifths and six fifths of 15 s, 30 s, 1 min … half an hour. */
    private Duration pause(int attempts) {
        long ms = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(attempts - 1, MAX_DOUBLINGS));
        return Duration.ofMillis((long) (ms * pauseScale * (0.8 + 0.4 * random.nextDouble())));
    }

    private static Duration life(NoticeStore.Claimed claimed) {
        boolean isUrgentEvent = claimed.what() == NoticeStore.What.EVENT && claimed.urgent();
        return isUrgentEvent ? NoticeFeed.OLDEST : CALM;
    }
}
