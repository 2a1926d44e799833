package dev.octroi.usage.kafka;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics and partitions that cannot be read and must not keep the others from being read. Each is tried again after a while. One
 * thread writes, any may count.
 */
final class SetAside {
    private static final Logger log = LoggerFactory.getLogger(SetAside.class);

    /** How long something is left out before it is tried again: it disturbs the whole group each time. */
    static final Duration RETRY = Duration.ofMinutes(5);

    private final long retryNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Long> topicsSince = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> partitionsSince = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic clock in nanoseconds */
    SetAside(Duration retry, LongSupplier nanoTime) {
        this.retryNanos = retry.toNanos();
        this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    }

    /** Shows how much is left out. */
    void meter(MeterRegistry registry) {
        Gauge.builder("octroi.kafka.topics.aside", topicsSince, Map::size)
                .description("topics that the brokers refuse")
                .register(registry);
        Gauge.builder("octroi.kafka.partitions.aside", partitionsSince, Map::size)
                .description("partitions with a batch that cannot be read")
                .register(registry);
    }

    /**
     * Puts aside what a failure is about.
     *
     * @param assigned the partitions that were read
     * @return false: it is about nothing in particular
     */
    boolean add(RuntimeException failure, Set<TopicPartition> assigned) {
        return switch (failure) {
            case TopicAuthorizationException refused -> addTopics(refused.unauthorizedTopics(), failure);
            case InvalidTopicException refused -> addTopics(refused.invalidTopics(), failure);
            // Its message names partitions, too, but brokers that are slow or away for a moment are no fault of theirs.
            case RetriableException slow -> false;
            case KafkaException broken -> addPartitions(broken, assigned);
            default -> false;
        };
    }

    /** What of the topics is to be read now. */
    Set<String> without(Collection<String> topics) {
        Set<String> wanted = new HashSet<>(topics);
        wanted.removeAll(topicsSince.keySet());
        return wanted;
    }

    /** What of the partitions is not to be read now. */
    Set<TopicPartition> among(Collection<TopicPartition> partitions) {
        Set<TopicPartition> aside = new HashSet<>(partitions);
        aside.retainAll(partitionsSince.keySet());
        return aside;
    }

    /** Takes back what has been left out long enough; whether there was any. */
    boolean takeBack() {
        long now = nanoTime.getAsLong();
        boolean topics = topicsSince.values().removeIf(since -> now - since >= retryNanos);
        return partitionsSince.values().removeIf(since -> now - since >= retryNanos) || topics;
    }

    private boolean addTopics(Set<String> topics, RuntimeException failure) {
        for (String topic : topics) {
            topicsSince.put(topic, nanoTime.getAsLong());
            log.atWarn()
                    .addKeyValue("topic", topic)
                    .log("a topic cannot be read and is left out for a while: {}", failure.toString());
        }
        return !topics.isEmpty();
    }

    /** The client tells a broken batch by its message alone, which names the partition. */
    private boolean addPartitions(KafkaException failure, Set<TopicPartition> assigned) {
        String message = String.valueOf(failure.getMessage());
        boolean found = false;
        for (TopicPartition each : assigned) {
            if (names(message, each)) {
                found = true;
                partitionsSince.put(each, nanoTime.getAsLong());
                log.atError()
                        .addKeyValue("topic", each.topic())
                        .addKeyValue("partition", each.partition())
                        .setCause(failure)
                        .log("a partition has a batch that cannot be read and is left out for a while");
            }
        }
        return found;
    }

    private static boolean names(String message, TopicPartition partition) {
        return Pattern.compile("(?<![A-Za-z0-9._-])" + Pattern.quote(partition.toString()) + "(?![A-Za-z0-9_-])")
                .matcher(message)
                .find();
    }
}
