package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.db.Database;
import dev.octroi.db.Rounds;
import dev.octroi.quota.AccountReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages to travellers while a gateway runs: reads what happened, and sends what is to be told. */
public final class Notices {
    private static final Logger log = LoggerFactory.getLogger(Notices.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final NoticeFeed feed;
    private final NoticeSender sender;
    private final Mailer mailer;
    private final Rounds reading;
    /** As many as there are connections, so that what waits for a slow server holds up no more than its own. */
    private final List<Rounds> lanes;

    private final Set<Future<?>> inHand = ConcurrentHashMap.newKeySet();

    /**
     * What messages are made with.
     *
     * @param publicUrl where travellers reach their pages, without a slash at the end
     * @param pauseScale factor on the pauses between attempts; 1 but in tests
     */
    public record Parts(
            Vertx vertx,
            Database database,
            Channels channels,
            SelfCareLinks links,
            AccountReader accounts,
            MailTerms mail,
            String publicUrl,
            InstantSource clock,
            RandomGenerator random,
            double pauseScale,
            MeterRegistry registry) {}

    public Notices(Parts parts) {
        Database database = requireNonNull(parts.database(), "database is null");
        NoticeMetrics metrics = new NoticeMetrics(parts.registry());
        this.feed = new NoticeFeed(database, parts.clock(), metrics);
        this.mailer = new Mailer(parts.vertx(), parts.mail());
        this.sender = new NoticeSender(
                database,
                new Letters(database, parts.channels(), parts.links(), parts.accounts(), parts.publicUrl()),
                mailer,
                metrics,
                parts.random(),
                parts.pauseScale());
        this.reading = new Rounds(parts.vertx(), PERIOD, feed::read, failure -> warn("read", failure));
        this.lanes = Stream.generate(
                        () -> new Rounds(parts.vertx(), PERIOD, this::send, failure -> warn("sent", failure)))
                .limit(Mailer.CONNECTIONS)
                .toList();
    }

    /** Begins to read and to send, each second. */
    public void start() {
        reading.start();
        lanes.forEach(Rounds::start);
    }

    /** Takes nothing more in hand; completes when what is in hand has been sent or put down. */
    public Future<Void> stop() {
        reading.close();
        lanes.forEach(Rounds::close);
        sender.stop();
        return Future.join(List.copyOf(inHand))
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .eventually(mailer::close);
    }

    private Future<Void> send() {
        Future<Void> round = sender.send();
        inHand.add(round);
        return round.onComplete(done -> inHand.remove(round));
    }

    private static void warn(String what, Throwable failure) {
        log.warn(
                "messages to travellers were not {}: {}",
                what,
                failure.getClass().getSimpleName());
    }
}
