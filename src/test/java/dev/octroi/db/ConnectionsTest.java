package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    /** PostgreSQL's 100, of which three are the superusers'. */
    private static final int ROOM = 97;

    @Test
    void asManyProcessorsAsThereMayBeWithTheDefaultAGatewayLeavesHalfOfADatabase() {
        for (int processors : new int[] {8, 16, 32, 64, 256}) {
            assertThat(Connections.of(4, processors)).isEqualTo(new Connections(4, 8));
            assertThat(Connections.of(4, processors).most()).isEqualTo(49);
        }
    }

    @Test
    void onSmallMachinesThereIsALoopForEachProcessor() {
        assertThat(Connections.of(4, 1)).isEqualTo(new Connections(4, 1));
        assertThat(Connections.of(4, 2)).isEqualTo(new Connections(4, 2));
        assertThat(Connections.of(4, 2).most()).isEqualTo(13);
        assertThat(Connections.of(4, 6).loops()).isEqualTo(6);
    }

    @Test
    void theSettingBoundsWhatIsOpenedAndRaisesIt() {
        assertThat(Connections.of(1, 64).most()).isEqualTo(9);
        assertThat(Connections.of(64, 2).most()).isEqualTo(2 * (64 + 2) + 1);
        IntStream.rangeClosed(1, 64)
                .forEach(each -> assertThat(Connections.of(each, 1_000).most()).isLessThanOrEqualTo(12 * each + 1));
    }

    @Test
    void roomIsForTwoGatewaysAndAServerOfOnesOwnHasIt() {
        assertThat(Connections.of(4, 2).fitInto(ROOM)).isTrue();
        assertThat(Connections.of(4, 64).fitInto(ROOM)).isFalse();
        for (int each : new int[] {1, 4, 16, 64}) {
            Connections connections = Connections.of(each, 64);
            assertThat(connections.fitInto(connections.ofOwnServer() - 3)).isTrue();
        }
        assertThat(Connections.of(4, 2).ofOwnServer()).isEqualTo(100);
    }
}
