package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command's core: CSV in, alarms out. */
class DrainReplayTest {
    private static final String HEADER =
            "subscription_id,timestamp,bytes_up,bytes_down,category,zone,plan,plan_mb,tz_min\n";

    @Test
    void alarmsNameSubscriptionTimeKindAndScore() throws IOException {
        String alarms = replay(twoLives());
        assertThat(alarms.lines().filter(line -> score(line) >= 1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("B,"));
        assertThat(alarms.lines()).allMatch(line -> line.split(",", -1).length == 4);
    }

    @Test
    void aPrefixOfTheInputGivesAPrefixOfTheAlarms() throws IOException {
        String all = twoLives();
        String half = all.lines().limit(all.lines().count() * 9 / 10).reduce("", (a, b) -> a + b + "\n");
        assertThat(replay(all)).startsWith(replay(half));
    }

    /** Faster code must not move an alarm. Changes only with new weights or a new population. */
    @Test
    void alarmsAreTheSameBytesAsEver() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(replay(twoLives()).getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest, 0, 8)).isEqualTo("0e064e4b37ae69ab");
    }

    @Test
    void theHeaderMayBeMissingAndLinesMayEndInCrLf() throws IOException {
        String records = twoLives();
        assertThat(replay(records.substring(HEADER.length()).replace("\n", "\r\n")))
                .isEqualTo(replay(records));
    }

    @Test
    void aBrokenLineIsNamed() {
        assertThatThrownBy(() -> replay(HEADER + "A,1,2\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> replay(HEADER + "A,x,1,1,web,FR,light,1,0\n")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> replay(HEADER + "A".repeat(2_000) + "\n")).hasMessageContaining("line 2");
    }

    @Test
    void alarmsBeforeABrokenLineAreTold() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        String good = twoLives();
        assertThatThrownBy(() -> new DrainReplay(0.35).run(bytes(good + "broken\n"), print))
                .isInstanceOf(IOException.class);
        assertThat(out.toString(StandardCharsets.UTF_8)).isNotEmpty().isEqualTo(replay(good));
    }

    @Test
    void statisticsTellCostAndSize() throws IOException {
        DrainReplay replay = new DrainReplay(1);
        replay.run(bytes(twoLives()), new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        assertThat(replay.statistics()).contains("ns per record", "2 states", "median", "maximum");
    }

    static String twoLives() {
        Life quiet = new Life(21).ordinary(0, 16);
        Life drained = new Life(22).ordinary(0, 16);
        drained.flow(drained.day(14) + 9 * HOUR, 8 * HOUR, 120, 9_000 * MB, Category.OTHER, 0.3);
        List<String> lines = new ArrayList<>();
        quiet.records().forEach(record -> lines.add(line("A", record)));
        drained.records().forEach(record -> lines.add(line("B", record)));
        lines.sort(Comparator.comparing(line -> line.split(",", -1)[1]));
        return HEADER + String.join("\n", lines) + "\n";
    }

    static String line(String subscription, DrainObservation record) {
        return "%s,%d,%d,%d,%s,%s,regular,10240,%d"
                .formatted(
                        subscription,
                        record.eventEndEpochSeconds(),
                        record.bytesUp(),
                        record.bytesDown(),
                        record.category().word(),
                        record.zone(),
                        record.tzOffsetMinutes());
    }

    private static double score(String line) {
        return Double.parseDouble(line.split(",", -1)[3]);
    }

    private static String replay(String csv) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DrainReplay(0.35).run(bytes(csv), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ByteArrayInputStream bytes(String csv) {
        return new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8));
    }
}
