package dev.octroi.usage.kafka;

import dev.octroi.usage.Feed;
import dev.octroi.usage.FeedTerms;
import dev.octroi.usage.RecordResult;
import dev.octroi.usage.Unreadable;
import dev.octroi.usage.UsageIntake;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What one poll gave.
 *
 * @param messages by the feed of their topic
 * @param ends where each partition goes on when these are counted
 */
record KafkaBatch(Map<Feed, List<Message>> messages, Map<TopicPartition, OffsetAndMetadata> ends) {
    private static final byte[] EMPTY = {};

    /**
     * One message.
     *
     * @param place partition, offset and time of the message, which stand for an identity where the record brings none:
     *     the time tells apart a topic that was made anew
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(String place, byte[] value) {}

    static KafkaBatch of(ConsumerRecords<byte[], byte[]> records, KafkaTopics topics) {
        Map<String, Feed> feeds = new HashMap<>();
        Map<Feed, List<Message>> messages = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : records) {
            FeedTerms terms = topics.topics().get(each.topic());
            if (terms != null) {
                Feed feed = feeds.computeIfAbsent(each.topic(), topic -> terms.feed());
                byte[] value = each.value();
                messages.computeIfAbsent(feed, same -> new ArrayList<>())
                        .add(new Message(
                                "p" + each.partition() + "@" + each.offset() + "." + each.timestamp(),
                                value == null ? EMPTY : value));
            }
        }
        return new KafkaBatch(messages, Map.copyOf(records.nextOffsets()));
    }

    /** Counts all of it; what no feed could count is kept in the quarantine, because nobody waits for an answer. */
    Future<Void> count(UsageIntake intake) {
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<Feed, List<Message>> each : messages.entrySet()) {
            done = done.compose(before -> count(intake, each.getKey(), each.getValue()));
        }
        return done;
    }

    private static Future<Void> count(UsageIntake intake, Feed feed, List<Message> messages) {
        return intake.records(
                        feed,
                        messages.stream()
                                .map(each -> intake.read(each.value(), feed, each.place()))
                                .toList())
                .compose(results -> intake.keepUnreadable(feed, rejected(messages, results)));
    }

    private static List<Unreadable> rejected(List<Message> messages, List<RecordResult> results) {
        List<Unreadable> rejected = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            RecordResult result = results.get(i);
            if (result.verdict() == RecordResult.Verdict.REJECTED && result.fault() != null) {
                rejected.add(new Unreadable(messages.get(i).place(), result.fault(), String.valueOf(result.detail())));
            }
        }
        return rejected;
    }
}
