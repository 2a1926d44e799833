package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.testing.TestDatabase;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that vanishes without a word, as one whose machine lost its power: nothing says that it will not answer. */
class SilentDatabaseTest {
    private static final int STATEMENT_TIMEOUT_MS = 2_000;
    private static final int IDLE_TIMEOUT_MS = 3_000;

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private NetServer between;
    private Database database;

    private record Link(NetSocket client, NetSocket server) {}

    @BeforeEach
    void connect() throws Exception {
        DatabaseConfig real = TestDatabase.create();
        between = vertx.createNetServer()
                .connectHandler(socket -> forward(socket, real))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        DatabaseConfig config = new DatabaseConfig(
                "127.0.0.1", between.actualPort(), real.database(), real.ownerUser(), real.ownerPassword());
        database = new Database(vertx, config, 1, STATEMENT_TIMEOUT_MS, 5_000, IDLE_TIMEOUT_MS);
    }

    @AfterEach
    void close() throws Exception {
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void whatWaitsForAServerThatVanishedFailsAndTheNextOneIsAskedAnew() throws Exception {
        List<Future<Integer>> waiting = new ArrayList<>();
        assertThatThrownBy(() -> database.inWorker(connection -> backend(connection)
                                .onSuccess(begun -> vanish())
                                .compose(begun -> {
                                    Future<Integer> answer = backend(connection);
                                    waiting.add(answer);
                                    return answer;
                                }))
                        .await(60, TimeUnit.SECONDS))
                .isInstanceOf(ClosedConnectionException.class);
        assertThat(waiting)
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.failed()).isTrue());
        assertThat(askAnew(3)).as("a process of the server").isPositive();
    }

    @Test
    void whatIsAskedOfAnEndedConnectionFailsAsOneThatWasLost() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        Future<Integer> asked = database.onWorker(connection -> backend(connection)
                .compose(begun -> {
                    links.getFirst().server().close();
                    return backend(connection);
                })
                .onFailure(failures::add)
                .recover(lost -> backend(connection).onFailure(failures::add)));
        assertThatThrownBy(() -> asked.await(20, TimeUnit.SECONDS)).isInstanceOf(VertxException.class);
        assertThat(failures).hasSize(2).allMatch(Unavailable::isSaidBy);
    }

    @Test
    void whatIsUnderWayOverAConnectionThatIsResetFailsAsOneThatWasLost() throws Exception {
        Future<Integer> asked =
                database.onWorker(connection -> backend(connection).compose(begun -> {
                    reset(links.getFirst().client());
                    return connection
                            .query("SELECT pg_backend_pid() FROM pg_sleep(0.3)")
                            .execute()
                            .map(never -> 0);
                }));
        assertThatThrownBy(() -> asked.await(20, TimeUnit.SECONDS)).matches(Unavailable::isSaidBy);
    }

    /** Ends a connection as a proxy that lost its own: with a reset instead of an end. */
    private static void reset(NetSocket socket) {
        NioSocketChannel channel = (NioSocketChannel)
                ((NetSocketInternal) socket).channelHandlerContext().channel();
        channel.config().setSoLinger(0);
        channel.close();
    }

    /** The pool may hand out the connection that ended until it has heard of that. */
    private int askAnew(int times) throws Exception {
        try {
            return database.inWorker(SilentDatabaseTest::backend).await(20, TimeUnit.SECONDS);
        } catch (VertxException lost) {
            if (times <= 1 || !Unavailable.isSaidBy(lost)) {
                throw lost;
            }
            return askAnew(times - 1);
        }
    }

    @Test
    void anUnusedConnectionIsClosedBeforeItsSilenceCouldCountAsAnEnd() throws Exception {
        database.inWorker(SilentDatabaseTest::backend).await(20, TimeUnit.SECONDS);
        NetSocket used = links.getFirst().client();
        Future<Void> ended = Future.future(promise -> used.closeHandler(promise::complete));
        ended.await(IDLE_TIMEOUT_MS + 30_000, TimeUnit.MILLISECONDS);
        assertThat(IDLE_TIMEOUT_MS)
                .as("the pool comes before the silence")
                .isLessThan(Database.silenceMs(STATEMENT_TIMEOUT_MS, IDLE_TIMEOUT_MS));
    }

    private static Future<Integer> backend(SqlConnection connection) {
        return connection.query("SELECT pg_backend_pid()").execute().map(rows -> {
            Row row = rows.iterator().next();
            return row.getInteger(0);
        });
    }

    /** Takes what is sent and passes nothing on any more, not even that the server ended. New connections are served. */
    private void vanish() {
        links.forEach(link -> {
            link.client().handler(lost -> {});
            link.server().handler(lost -> {});
            link.server().closeHandler(unheard -> {});
        });
    }

    private void forward(NetSocket socket, DatabaseConfig real) {
        socket.pause();
        client.connect(real.port(), real.host()).onSuccess(server -> {
            links.add(new Link(socket, server));
            socket.handler(server::write);
            server.handler(socket::write);
            socket.exceptionHandler(ended -> server.close());
            server.closeHandler(ended -> socket.close());
            socket.endHandler(ended -> server.close());
            socket.resume();
        });
    }
}
