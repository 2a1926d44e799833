package dev.octroi.usage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.LoopbackPort;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.ChildJvm;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A real broker (KRaft, one node) in a process of its own, reached over TLS only. */
final class KafkaBroker implements AutoCloseable {
    private static final int TOPIC_SECONDS = 60;
    private static final int START_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Path log;
    private final Map<String, String> client;

    private KafkaBroker(Process process, int port, Path log, Map<String, String> client) {
        this.process = process;
        this.port = port;
        this.log = log;
        this.client = client;
    }

    /** What the process runs: formats its storage and serves until it is ended. */
    public static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            int formatted = kafka.tools.StorageTool.execute(
                    new String[] {"format", "-t", "b2N0cm9pLXRlc3QtMDAwMQ", "-c", arguments[0]}, System.out);
            if (formatted != 0) {
                System.exit(formatted);
            }
            kafka.Kafka.main(arguments);
        }
    }

    static KafkaBroker start(Path folder) throws Exception {
        DevPki pki = DevPki.ensure(folder.resolve("pki"), InstantSource.system(), new SecureRandom());
        TlsFiles tls = pki.publicServer();
        String root = pki.domain(TrustDomain.PUBLIC).rootFile().toString();
        Path keyStore = folder.resolve("broker.pem");
        Files.writeString(keyStore, Files.readString(tls.key()) + Files.readString(tls.chain()));
        int broker = LoopbackPort.free();
        int controller = LoopbackPort.free();
        Properties settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                Map.entry("listeners", "SSL://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller),
                Map.entry("advertised.listeners", "SSL://localhost:" + broker),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "SSL"),
                Map.entry("listener.security.protocol.map", "SSL:SSL,CONTROLLER:PLAINTEXT"),
                Map.entry("ssl.keystore.type", "PEM"),
                Map.entry("ssl.keystore.location", keyStore.toString()),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", root),
                Map.entry("log.dirs", folder.resolve("logs").toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0")));
        Path file = folder.resolve("server.properties");
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        Process process = ChildJvm.of(
                        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), Main.class, file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker.log").toFile())
                .start();
        return new KafkaBroker(
                process,
                broker,
                folder.resolve("broker.log"),
                Map.of(
                        "bootstrap.servers",
                        "localhost:" + broker,
                        "security.protocol",
                        "SSL",
                        "ssl.truststore.type",
                        "PEM",
                        "ssl.truststore.location",
                        root));
    }

    /** How a client reaches it. */
    Map<String, String> client() {
        return new TreeMap<>(client);
    }

    void createTopic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get(TOPIC_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** From where a group reads a partition on; 0: it has committed nothing. */
    long committed(String group, String topic, int partition) throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(TOPIC_SECONDS, TimeUnit.SECONDS)
                    .get(new TopicPartition(topic, partition));
            return offset == null ? 0 : offset.offset();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    /** Waits until it takes connections; until then the test may do something else. */
    void awaitReady() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("the broker does not start: " + Files.readString(log), e);
                }
            }
        }
    }
}
