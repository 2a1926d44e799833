package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connection that hears what the database announces, through something that forwards to a real one, or does not. */
class AnnouncementsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ANSWER_MS = 3_000;

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final DatabaseConfig real = TestDatabase.create();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger silentEnded = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Announcements announcements;

    /** @param silent connections of the first ones that are taken and never answered */
    private void listen(int silent) throws Exception {
        NetServer between = vertx.createNetServer()
                .connectHandler(socket -> accept(socket, silent))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        DatabaseConfig config = new DatabaseConfig(
                "127.0.0.1", between.actualPort(), real.database(), real.ownerUser(), real.ownerPassword());
        announcements = new Announcements(
                vertx, Database.connectOptions(config, Role.WORKER, 5_000), "news", new Hearing(), ANSWER_MS);
    }

    @AfterEach
    void close() throws Exception {
        announcements.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aServerThatLetsNobodyInIsLeftAndAskedAgain() throws Exception {
        listen(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(silentEnded)
                        .as("connections that were half made")
                        .hasValue(2));
        TestDatabase.execute(real, "NOTIFY news, 'first'");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected", "first"));
    }

    @Test
    void aConnectionThatIsLostIsMadeAgainUntilNobodyWantsItAnyMore() throws Exception {
        listen(0);
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected"));
        TestDatabase.execute(
                real,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected", "lost", "connected"));
        announcements.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(ended).hasValue(accepted.get()));
    }

    private void accept(NetSocket socket, int silent) {
        boolean answered = accepted.incrementAndGet() > silent;
        socket.closeHandler(gone -> {
            ended.incrementAndGet();
            if (!answered) {
                silentEnded.incrementAndGet();
            }
        });
        if (!answered) {
            socket.handler(lost -> {});
            return;
        }
        socket.pause();
        client.connect(real.port(), real.host()).onSuccess(server -> {
            socket.handler(server::write);
            server.handler(socket::write);
            server.closeHandler(gone -> socket.close());
            socket.endHandler(gone -> server.close());
            socket.resume();
        });
    }

    private final class Hearing implements Announcements.Listener {
        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void heard(String payload) {
            heard.add(payload);
        }

        @Override
        public void lost() {
            heard.add("lost");
        }
    }
}
