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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection that hears what the database announces, through something that forwards to a real one, or does not. */
class AnnouncementsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SILENT_AT_FIRST = 2;

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final DatabaseConfig real = TestDatabase.create();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Announcements announcements;

    @BeforeEach
    void listen() throws Exception {
        NetServer between = vertx.createNetServer()
                .connectHandler(this::accept)
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        DatabaseConfig config = new DatabaseConfig(
                "127.0.0.1", between.actualPort(), real.database(), real.ownerUser(), real.ownerPassword(), real.tls());
        announcements = new Announcements(
                vertx, Database.connectOptions(config, Role.WORKER, 5_000), "news", new Hearing(), 300);
    }

    @AfterEach
    void close() throws Exception {
        announcements.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aServerThatLetsNobodyInIsLeftAndAskedAgain() {
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected"));
        assertThat(accepted).hasValue(SILENT_AT_FIRST + 1);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(ended).as("connections that were half made").hasValue(SILENT_AT_FIRST));
        TestDatabase.execute(real, "NOTIFY news, 'first'");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected", "first"));
    }

    @Test
    void aConnectionThatIsLostIsMadeAgainUntilNobodyWantsItAnyMore() {
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected"));
        TestDatabase.execute(
                real,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("connected", "lost", "connected"));
        announcements.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(ended).hasValue(accepted.get()));
    }

    private void accept(NetSocket socket) {
        socket.closeHandler(gone -> ended.incrementAndGet());
        if (accepted.incrementAndGet() <= SILENT_AT_FIRST) {
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
