package dev.octroi.usage.kafka;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.usage.FeedTerms;
import dev.octroi.usage.OverloadedException;
import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Kafka feed with a real broker over TLS and a real database. */
class KafkaFeedTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static KafkaBroker broker;
    private static Path logs;
    private static QuotaFixture fixture;
    private static BlindIndex index;
    private static SimpleMeterRegistry meters;
    private static UsageIntake intake;
    private static KafkaProducer<byte[], byte[]> producer;
    private static int topics;

    private final String topic = "usage-" + topics;
    private final String source = "kafka-" + topics++;
    private final String imsi = "20801" + String.format("%010d", 900 + topics);
    private final AccountKey account = subscriber(imsi);

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        broker = KafkaBroker.start(folder);
        logs = folder.resolve("logs");
        fixture = new QuotaFixture();
        index = new BlindIndex(Keyring.open(Files.createDirectory(folder.resolve("keys")), new SecureRandom()));
        meters = new SimpleMeterRegistry();
        intake =
                new UsageIntake(fixture.database, fixture.accounts, index, fixture.clock, Duration.ofHours(72), meters);
        broker.awaitReady();
        Map<String, Object> settings = new HashMap<>(broker.client());
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        producer = new KafkaProducer<>(settings);
    }

    @AfterAll
    static void close() throws Exception {
        producer.close(Duration.ofSeconds(5));
        broker.close();
        fixture.close();
    }

    @Test
    void recordsAreCountedAndPoisonIsKeptByItsPlaceWhileTheRestGoesOn() throws Exception {
        broker.createTopic(topic, 1);
        send(0, record("r1", 100).encode());
        send(0, "not json");
        send(0, "{}");
        send(0, record("r2", 100).put("imsi", "310150000000001").encode());
        send(0, null);
        JsonObject without = record("x", 7);
        without.remove("id");
        send(0, without.encode());
        send(0, record("r3", 50).encode());
        KafkaFeed feed = start(batch -> batch.count(intake));
        await().atMost(SOON).until(() -> ledgerRows() == 3);
        await().atMost(SOON).until(() -> quarantined() == 4);
        assertThat(used()).isEqualTo(157);
        assertThat(fixture.number(
                        "SELECT count(*) FROM quarantine WHERE source = ? AND reason = 'malformed' AND key LIKE 'p0@1.%'",
                        source))
                .isEqualTo(1);
        assertThat(
                        fixture.number(
                                "SELECT count(*) FROM quarantine WHERE record::text LIKE '%310150%' OR record::text LIKE '%not json%'"))
                .as("no identifier")
                .isZero();
        feed.close();
    }

    @Test
    void aCrashBetweenDatabaseCommitAndOffsetCommitCountsNothingTwice() throws Exception {
        broker.createTopic(topic, 1);
        for (int i = 0; i < 500; i++) {
            send(0, record("c" + i, 10).encode());
        }
        CountDownLatch committed = new CountDownLatch(1);
        // Counts, but never says so: the consumer ends before it commits an offset.
        KafkaFeed crashed = start(batch -> batch.count(intake)
                .onSuccess(done -> committed.countDown())
                .compose(done -> Promise.<Void>promise().future()));
        assertThat(committed.await(30, TimeUnit.SECONDS)).isTrue();
        crashed.close();
        long before = ledgerRows();
        assertThat(before).isPositive();
        double duplicates = duplicates();
        KafkaFeed again = start(batch -> batch.count(intake));
        await().atMost(SOON).until(() -> ledgerRows() == 500 && duplicates() >= duplicates + before);
        assertThat(used()).isEqualTo(5_000);
        await().atMost(SOON).until(() -> broker.committed(group(), topic, 0) == 500);
        again.close();
        send(0, record("last", 1).encode());
        double afterwards = duplicates();
        KafkaFeed third = start(batch -> batch.count(intake));
        await().atMost(SOON).until(() -> ledgerRows() == 501);
        assertThat(duplicates()).as("what is committed is not read again").isEqualTo(afterwards);
        third.close();
    }

    /** The counting ends while the feed keeps its membership alive, and there the stop wakes it. */
    @Test
    void whatIsCountedWhenTheFeedStopsIsNotReadAgain() throws Exception {
        broker.createTopic(topic, 1);
        send(0, record("s1", 10).encode());
        CompletableFuture<Promise<Void>> begun = new CompletableFuture<>();
        KafkaFeed feed = start(batch -> {
            Promise<Void> counted = Promise.promise();
            begun.complete(counted);
            return counted.future();
        });
        Promise<Void> counted = begun.get(30, TimeUnit.SECONDS);
        // A tenth of a second for the counting, then a tenth for the membership.
        Thread.sleep(150);
        counted.complete();
        feed.close();
        assertThat(broker.committed(group(), topic, 0)).isEqualTo(1);
    }

    @Test
    void partitionsMoveBetweenMembersAndEveryRecordIsCountedOnce() throws Exception {
        broker.createTopic(topic, 4);
        List<KafkaFeed> members = new ArrayList<>();
        AtomicInteger second = new AtomicInteger();
        members.add(start(batch -> batch.count(intake)));
        int sent = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 200; i++) {
                send(i % 4, record("p" + sent++, 10).encode());
            }
            if (round == 0) {
                await().atMost(SOON).until(() -> ledgerRows() > 0);
                members.add(start(batch -> {
                    second.incrementAndGet();
                    return batch.count(intake);
                }));
            } else if (round == 1) {
                int target = sent;
                await().atMost(SOON).until(() -> {
                    send(0, record("k" + ledgerRows(), 10).encode());
                    send(2, record("m" + ledgerRows(), 10).encode());
                    return second.get() > 0;
                });
                members.getFirst().close();
                assertThat(target).isEqualTo(400);
            }
        }
        await().atMost(SOON)
                .until(() -> fixture.number(
                                "SELECT count(*) FROM ledger WHERE account_id = ? AND key LIKE 'p%'",
                                account.accountId())
                        == 600);
        assertThat(used()).isEqualTo(ledgerRows() * 10);
        members.get(1).close();
    }

    @Test
    void aBusyOrFailingGatewayPausesTheTopicAndLosesNothing() throws Exception {
        broker.createTopic(topic, 1);
        for (int i = 0; i < 20; i++) {
            send(0, record("b" + i, 10).encode());
        }
        AtomicInteger calls = new AtomicInteger();
        KafkaFeed feed = start(batch -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("something unforeseen");
            }
            return calls.get() < 5 ? Future.failedFuture(new OverloadedException()) : batch.count(intake);
        });
        await().atMost(SOON).until(() -> ledgerRows() == 20);
        assertThat(calls.get()).isGreaterThanOrEqualTo(5);
        feed.close();
    }

    @Test
    void topicsAreReadStrictlyFromAFileThatOnlyItsOwnerReads(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("kafka.yaml");
        Files.writeString(file, """
                client:
                  bootstrap.servers: broker:9093
                  group.id: octroi
                  security.protocol: SSL
                  ssl.truststore.type: PEM
                topics:
                  - topic: usage
                    name: pgw-paris
                    imsiPrefixes: ["20801"]
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> KafkaTopics.read(file)).hasMessageContaining("owner only");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        KafkaTopics read = KafkaTopics.read(file);
        assertThat(read.client()).containsEntry("security.protocol", "SSL").hasSize(4);
        assertThat(read.topics()).containsEntry("usage", new FeedTerms("pgw-paris", 0, List.of("20801")));
        String client = "client: {bootstrap.servers: 'localhost:1,127.0.0.1:2', group.id: g}\n";
        Files.writeString(file, client + "topics: [{topic: usage, name: a}]");
        assertThat(KafkaTopics.read(file).topics()).hasSize(1);
        for (String bad : List.of(
                "topics: [{topic: usage, name: a}]",
                client,
                client + "topics: [{topic: usage, name: a, colour: 1}]",
                client + "topics: [{topic: 'a b', name: a}]",
                client + "topics: [{topic: u, name: a}, {topic: v, name: a}]",
                client + "other: 1\ntopics: [{topic: u, name: a}]",
                "client: {bootstrap.servers: 'localhost:1,b:1', group.id: g}\ntopics: [{topic: u, name: a}]",
                "client: {bootstrap.servers: 'localhost.x:1', group.id: g}\ntopics: [{topic: u, name: a}]",
                "client: {bootstrap.servers: 'b:1', group.id: g, security.protocol: SASL_PLAINTEXT}"
                        + "\ntopics: [{topic: u, name: a}]",
                "client: {bootstrap.servers: 'localhost:1', group.id: g, enable.auto.commit: true}\ntopics: [{topic: u, name: a}]")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> KafkaTopics.read(file)).as(bad).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aTopicThatTheBrokersRefuseStopsNoOtherTopic() throws Exception {
        broker.createTopic(topic, 1);
        send(0, record("g1", 10).encode());
        SetAside aside = new SetAside(Duration.ofHours(1), System::nanoTime);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        aside.meter(registry);
        FeedTerms terms = new FeedTerms(source, 0, List.of("20801"));
        KafkaFeed feed = new KafkaFeed(
                new KafkaTopics(settings(), Map.of(topic, terms, "..", new FeedTerms("bad", 0, List.of("20801")))),
                batch -> batch.count(intake),
                aside);
        feed.start();
        await().atMost(SOON).until(() -> ledgerRows() == 1);
        assertThat(registry.get("octroi.kafka.topics.aside").gauge().value()).isEqualTo(1);
        send(0, record("g2", 10).encode());
        await().atMost(SOON).until(() -> ledgerRows() == 2);
        feed.close();
    }

    @Test
    void aBrokenBatchStopsNoOtherPartition() throws Exception {
        broker.createTopic(topic, 2);
        send(0, record("broken", 10).encode());
        send(1, record("whole-1", 10).encode());
        breakBatch("broken");
        SetAside aside = new SetAside(Duration.ofHours(1), System::nanoTime);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        aside.meter(registry);
        KafkaFeed feed = new KafkaFeed(
                new KafkaTopics(settings(), Map.of(topic, new FeedTerms(source, 0, List.of("20801")))),
                batch -> batch.count(intake),
                aside);
        feed.start();
        await().atMost(SOON).until(() -> ledgerRows() == 1);
        await().atMost(SOON)
                .until(() ->
                        registry.get("octroi.kafka.partitions.aside").gauge().value() == 1);
        send(1, record("whole-2", 10).encode());
        await().atMost(SOON).until(() -> ledgerRows() == 2);
        assertThat(registry.get("octroi.kafka.topics.aside").gauge().value()).isZero();
        feed.close();
    }

    /** What a disk may do to the first partition: one byte of a record is another one. */
    private void breakBatch(String text) throws IOException {
        Path segment = logs.resolve(topic + "-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).isPositive();
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'#'}), at);
        }
    }

    @Test
    void whatWasLeftOutIsReadOnceItCanBe() throws Exception {
        broker.createTopic(topic, 1);
        send(0, record("h1", 10).encode());
        AtomicLong now = new AtomicLong();
        SetAside aside = new SetAside(Duration.ofMinutes(5), now::get);
        aside.add(new TopicAuthorizationException(Set.of(topic)), Set.of());
        KafkaFeed feed = new KafkaFeed(
                new KafkaTopics(settings(), Map.of(topic, new FeedTerms(source, 0, List.of("20801")))),
                batch -> batch.count(intake),
                aside);
        feed.start();
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> ledgerRows() == 0);
        now.set(Duration.ofMinutes(5).toNanos());
        await().atMost(SOON).until(() -> ledgerRows() == 1);
        feed.close();
    }

    private KafkaFeed start(Function<KafkaBatch, Future<Void>> counting) {
        KafkaFeed feed = new KafkaFeed(
                new KafkaTopics(settings(), Map.of(topic, new FeedTerms(source, 0, List.of("20801")))),
                counting,
                new SetAside(SetAside.RETRY, System::nanoTime));
        feed.start();
        return feed;
    }

    private String group() {
        return "group-" + topic;
    }

    private Map<String, String> settings() {
        Map<String, String> client = broker.client();
        client.put("group.id", group());
        client.put("session.timeout.ms", "6000");
        client.put("heartbeat.interval.ms", "300");
        client.put("metadata.max.age.ms", "2000");
        return client;
    }

    private void send(int partition, String value) throws Exception {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, null, bytes)).get(30, TimeUnit.SECONDS);
    }

    private JsonObject record(String id, long bytes) {
        return new JsonObject()
                .put("id", id)
                .put("imsi", imsi)
                .put("end", fixture.now.get().toString())
                .put("up", 0)
                .put("down", bytes)
                .put("plmn", "208-01");
    }

    private static double duplicates() {
        return meters.counter("octroi.usage.records", "verdict", "duplicate", "reason", "none")
                .count();
    }

    private long used() {
        return fixture.number(
                "SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = ?", account.accountId());
    }

    private long ledgerRows() {
        return fixture.number("SELECT count(*) FROM ledger WHERE account_id = ?", account.accountId());
    }

    private long quarantined() {
        return fixture.number("SELECT count(*) FROM quarantine WHERE source = ?", source);
    }

    private static AccountKey subscriber(String imsi) {
        AccountKey key = fixture.open(AccountFixture.france());
        await(fixture.database.inTenant(
                1,
                connection -> new AccountLinkStore()
                        .link(
                                connection,
                                key,
                                index.network(IdentifierKind.IMSI, imsi),
                                index.network(IdentifierKind.ICCID, "8933010000" + imsi.substring(5)))));
        return key;
    }
}
