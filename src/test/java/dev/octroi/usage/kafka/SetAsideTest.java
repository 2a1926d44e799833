package dev.octroi.usage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a failure of the Kafka client says of the partitions that it names. */
class SetAsideTest {
    private static final Set<TopicPartition> ASSIGNED =
            Set.of(new TopicPartition("usage", 0), new TopicPartition("usage", 1));

    private final SetAside aside = new SetAside(SetAside.RETRY, System::nanoTime);

    @Test
    void brokersThatAreSlowBreakNoPartition() {
        for (String message : new String[] {
            "Timeout of 60000ms expired before successfully committing offsets {usage-0=OffsetAndMetadata{offset=7}}",
            "Timeout of 60000ms expired before the position for partition usage-1 could be determined"
        }) {
            assertThat(aside.add(new TimeoutException(message), ASSIGNED))
                    .as(message)
                    .isFalse();
        }
        assertThat(aside.among(ASSIGNED)).isEmpty();
    }

    @Test
    void brokenBatchIsOfThePartitionThatTheMessageNames() {
        assertThat(aside.add(new KafkaException("Record batch for partition usage-1 at offset 7 is invalid"), ASSIGNED))
                .isTrue();
        assertThat(aside.among(ASSIGNED)).containsExactly(new TopicPartition("usage", 1));
    }
}
