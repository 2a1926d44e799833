package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what is announced on a channel of the database ({@code NOTIFY}), over a connection of its own. A connection that was
 * lost is made again once a second; one over which the server does not answer, once it is made or before, counts as lost.
 */
public final class Announcements implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Announcements.class);

    private static final long RETRY_MS = 1_000;
    private static final long LOOK_MS = 5_000;
    private static final long ANSWER_MS = 10_000;

    private final Vertx vertx;
    private final Context context;
    private final PgConnectOptions options;
    private final String channel;
    private final Listener listener;
    private final long answerMs;
    private @Nullable Pool pool;
    private @Nullable PgConnection connection;
    private long timer = -1;
    private boolean told;
    private boolean closed;

    /** Who hears. Called by one event loop. */
    public interface Listener {
        /** From now on everything is heard. */
        void connected();

        /** Something was announced, after the commit of whoever did. */
        void heard(String payload);

        /** Until it is connected again nothing is heard, and what is announced meanwhile never. */
        void lost();
    }

    Announcements(Vertx vertx, PgConnectOptions options, String channel, Listener listener) {
        this(vertx, options, channel, listener, ANSWER_MS);
    }

    /** @param answerMs in which a server has to let us in and take the subscription */
    Announcements(Vertx vertx, PgConnectOptions options, String channel, Listener listener, long answerMs) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.options = requireNonNull(options, "options is null");
        this.channel = requireNonNull(channel, "channel is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.answerMs = answerMs;
        context.runOnContext(ignored -> connect());
    }

    private void connect() {
        if (closed) {
            return;
        }
        Pool attempt = poolOfOne();
        pool = attempt;
        attempt.getConnection()
                .map(PgConnection::cast)
                .compose(made -> made.query("LISTEN " + channel).execute().map(made))
                .timeout(answerMs, TimeUnit.MILLISECONDS)
                .onComplete(this::use, failure -> fail(attempt, failure));
    }

    /** Closed with all that is half made in it, which a connection that nobody has yet cannot be. */
    private Pool poolOfOne() {
        return PgBuilder.pool()
                .using(vertx)
                .with(new PoolOptions().setName("announcements").setMaxSize(1))
                .connectingTo(options)
                .build();
    }

    private void fail(Pool attempt, Throwable failure) {
        attempt.close();
        if (!told && !closed) {
            told = true;
            log.warn("announcements of the database cannot be heard until it can be reached", failure);
        }
        later(RETRY_MS, this::connect);
    }

    private void use(PgConnection made) {
        if (closed) {
            return;
        }
        told = false;
        connection = made;
        made.notificationHandler(this::hear);
        made.closeHandler(ended -> lose(made));
        listener.connected();
        later(LOOK_MS, () -> look(made));
    }

    private void hear(PgNotification notification) {
        if (notification.getChannel().equals(channel)) {
            listener.heard(notification.getPayload());
        }
    }

    /** A connection whose other end is gone without a word looks like one on which nothing is announced. */
    private void look(PgConnection looked) {
        if (!Objects.equals(connection, looked)) {
            return;
        }
        looked.query("""
                        SELECT 1
                        """).execute().timeout(LOOK_MS, TimeUnit.MILLISECONDS).onComplete(answer -> {
            if (answer.failed()) {
                lose(looked);
            } else {
                later(LOOK_MS, () -> look(looked));
            }
        });
    }

    private void lose(PgConnection lost) {
        if (Objects.equals(connection, lost)) {
            connection = null;
            closePool();
            listener.lost();
            later(RETRY_MS, this::connect);
        }
    }

    private void later(long delayMs, Runnable work) {
        if (!closed) {
            timer = vertx.setTimer(delayMs, id -> work.run());
        }
    }

    /** Stops to listen. */
    @Override
    public void close() {
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            connection = null;
            closePool();
        });
    }

    private void closePool() {
        Pool open = pool;
        pool = null;
        if (open != null) {
            open.close();
        }
    }
}
