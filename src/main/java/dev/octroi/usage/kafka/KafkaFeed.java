package dev.octroi.usage.kafka;

import static java.util.Objects.requireNonNull;

import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what arrives on Kafka topics, one JSON record in each message. Offsets are committed after the database has
 * committed, so a crash in between only leads to duplicates, which are known. One poll is in hand at a time; while it waits
 * for the database, or for a busy gateway, the partitions are paused and the membership of the group stays alive.
 */
public final class KafkaFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaFeed.class);

    private static final int MAX_POLL_RECORDS = 2_000;
    private static final int MAX_FETCH_BYTES = 8 * 1_024 * 1_024;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSED_POLL = Duration.ofMillis(100);
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 10_000;
    private static final Duration LAST_COMMIT = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(8);

    private final KafkaTopics topics;
    private final Function<KafkaBatch, Future<Void>> counting;
    private final Thread thread =
            Thread.ofPlatform().name("kafka feed").daemon().unstarted(this::run);
    private final SetAside aside;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> running;

    /** Of the feed's thread alone. */
    private long restartMs = FIRST_PAUSE_MS;

    /** @param meters shows what cannot be read */
    public KafkaFeed(KafkaTopics topics, UsageIntake intake, MeterRegistry meters) {
        this(topics, batch -> batch.count(intake), new SetAside(SetAside.RETRY, System::nanoTime));
        aside.meter(requireNonNull(meters, "meters is null"));
    }

    /** The same with another way to count, and to leave out what cannot be read. */
    KafkaFeed(KafkaTopics topics, Function<KafkaBatch, Future<Void>> counting, SetAside aside) {
        this.topics = requireNonNull(topics, "topics is null");
        this.counting = requireNonNull(counting, "counting is null");
        this.aside = requireNonNull(aside, "aside is null");
    }

    /** Begins to read; brokers that cannot be reached are tried again. */
    public void start() {
        thread.start();
    }

    /** Leaves the group; a poll in hand that is not counted yet is read again by whoever comes next. */
    @Override
    public void close() {
        stop.countDown();
        KafkaConsumer<byte[], byte[]> consumer = running;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(CLOSE)) {
                log.warn("the Kafka feed has not left its group in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isStopping()) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties())) {
                running = consumer;
                read(consumer);
            } catch (WakeupException e) {
                // The gateway stops.
                return;
            } catch (RuntimeException | Error e) {
                // Whatever it was, nothing of it is committed: it is read again.
                log.warn("the Kafka feed begins anew", e);
                restartMs = pause(restartMs);
            }
        }
    }

    /** Reads until the gateway stops, or until something is to be left out: the others then begin anew where they were committed. */
    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            subscribe(consumer);
            while (!isStopping()) {
                if (aside.takeBack()) {
                    subscribe(consumer);
                    resume(consumer);
                }
                take(consumer, poll(consumer));
                restartMs = FIRST_PAUSE_MS;
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            if (!aside.add(e, consumer.assignment())) {
                throw e;
            }
            restartMs = pause(restartMs);
        }
    }

    /** What is left out is not asked for; what is left out of a partition is known as soon as it is assigned. */
    private void subscribe(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.subscribe(aside.without(topics.topics().keySet()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(aside.among(partitions));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // Nothing is in hand that would have to be committed first.
            }
        });
    }

    /** While all topics are left out there is nothing to ask for. */
    private ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> consumer) {
        if (!consumer.subscription().isEmpty()) {
            return consumer.poll(POLL);
        }
        pause(POLL.toMillis());
        return ConsumerRecords.empty();
    }

    private void take(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        KafkaBatch batch = KafkaBatch.of(records, topics);
        long pauseMs = FIRST_PAUSE_MS;
        while (!isCounted(consumer, batch)) {
            // Busy, or the database is away: the same records again, for as long as it takes.
            keepAlive(
                    consumer,
                    CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(pauseMs, TimeUnit.MILLISECONDS)));
            pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        }
        commit(consumer, batch.ends());
        resume(consumer);
    }

    private void resume(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        paused.removeAll(aside.among(paused));
        consumer.resume(paused);
    }

    private boolean isCounted(KafkaConsumer<byte[], byte[]> consumer, KafkaBatch batch) {
        CompletableFuture<Void> counted =
                counting.apply(batch).toCompletionStage().toCompletableFuture();
        keepAlive(consumer, counted);
        if (counted.isCompletedExceptionally()) {
            log.warn(
                    "usage records of Kafka are not counted yet: {}",
                    counted.exceptionNow().toString());
            return false;
        }
        return true;
    }

    /** Waits without asking for more: a group takes a member that does not poll for dead. */
    private void keepAlive(KafkaConsumer<byte[], byte[]> consumer, CompletableFuture<?> awaited) {
        while (true) {
            try {
                awaited.get(PAUSED_POLL.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                return;
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (TimeoutException e) {
                if (isStopping()) {
                    throw new WakeupException();
                }
            }
            consumer.pause(consumer.assignment());
            try {
                putBack(consumer, consumer.poll(PAUSED_POLL));
            } catch (WakeupException e) {
                // What was counted meanwhile is said before the gateway stops.
                if (!awaited.isDone()) {
                    throw e;
                }
            }
        }
    }

    /** What a partition that has just been assigned gave before it could be paused is read again later. */
    private static void putBack(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> early) {
        for (TopicPartition partition : early.partitions()) {
            ConsumerRecord<byte[], byte[]> first = early.records(partition).getFirst();
            consumer.seek(partition, first.offset());
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> ends) {
        Map<TopicPartition, OffsetAndMetadata> own = new HashMap<>(ends);
        Set<TopicPartition> assigned = consumer.assignment();
        own.keySet().retainAll(assigned);
        try {
            if (isStopping()) {
                consumer.commitSync(own, LAST_COMMIT);
            } else {
                consumer.commitSync(own);
            }
        } catch (WakeupException e) {
            // The gateway stops, and what is counted is said all the same: nobody has to read it again.
            consumer.commitSync(own, LAST_COMMIT);
            throw e;
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The partitions went to another member: it reads the records again and finds duplicates.
            log.info("offsets were not committed: {}", e.toString());
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    private long pause(long pauseMs) {
        try {
            boolean stopped = stop.await(pauseMs, TimeUnit.MILLISECONDS);
            log.debug("{}", stopped ? "stopping" : "going on");
        } catch (InterruptedException e) {
            stop.countDown();
        }
        return Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }

    private Properties properties() {
        Properties all = new Properties();
        all.putAll(topics.client());
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        all.put("allow.auto.create.topics", "false");
        all.putIfAbsent("isolation.level", "read_committed");
        all.putIfAbsent("client.id", "octroi");
        all.put("max.poll.records", Integer.toString(MAX_POLL_RECORDS));
        all.put("fetch.max.bytes", Integer.toString(MAX_FETCH_BYTES));
        all.put("metric.reporters", "");
        all.put("key.deserializer", ByteArrayDeserializer.class);
        all.put("value.deserializer", ByteArrayDeserializer.class);
        return all;
    }
}
