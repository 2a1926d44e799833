package dev.octroi.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Category;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the JSON form of a record is read. */
class JsonRecordsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Feed FEED = new Feed("net-a", imsi -> true, true, 0);

    private static JsonRecords records;

    @BeforeAll
    static void open(@TempDir Path keys) throws Exception {
        records = new JsonRecords(new BlindIndex(Keyring.open(keys, new SecureRandom())));
    }

    @Test
    void areasAndCellsAreHexadecimalInAnyCase() {
        assertThat(usage("\"tac\":\"7e0f\",\"cell\":\"00aB1\""))
                .isInstanceOfSatisfying(
                        Reported.Usage.class,
                        read -> assertThat(read.record().trackingArea()).isEqualTo("208-01-7E0F-00AB1"));
        String location = "{\"imsi\":\"208011234567890\",\"plmn\":\"208-01\",\"tac\":\"7e0f\",\"cell\":\"00ab1\","
                + "\"at\":\"2026-11-23T11:59:00Z\"}";
        assertThat(records.location(location.getBytes(StandardCharsets.UTF_8), FEED))
                .isInstanceOfSatisfying(Reported.Location.class, read -> {
                    assertThat(read.tac()).isEqualTo("7E0F");
                    assertThat(read.cell()).isEqualTo("00AB1");
                });
        assertThat(usage("\"tac\":\"7g\"")).isInstanceOf(Reported.Bad.class);
    }

    @Test
    void categoryThatIsNotKnownIsOtherAndOneThatIsNoWordIsMalformed() {
        assertThat(usage("\"category\":\"satellite_tv-2\""))
                .isInstanceOfSatisfying(
                        Reported.Usage.class,
                        read -> assertThat(read.record().category()).isEqualTo(Category.OTHER));
        for (String word : new String[] {"", "satellite tv", "x".repeat(21)}) {
            assertThat(usage("\"category\":\"" + word + "\"")).as(word).isInstanceOf(Reported.Bad.class);
        }
    }

    @Test
    void nameWithANumberOfTheSubscriberInItIsKeptAsAHashAndAnyOtherAsItIs() {
        assertThat(named("cdr-20261201000451", "a81f-1234567")).isEqualTo("cdr-20261201000451 a81f-1234567");
        String hashed = named("pgw-208011234567890-451", "208011234567890/7");
        assertThat(hashed)
                .matches("[0-9a-f]{32} [0-9a-f]{32}")
                .isEqualTo(named("pgw-208011234567890-451", "208011234567890/7"));
        assertThat(named("pgw-208011234567890-452", "208011234567890/7")).isNotEqualTo(hashed);
        assertThat(named("35693803564380-451", "s"))
                .as("the telling part of the device")
                .matches("[0-9a-f]{32} s");
    }

    private static String named(String id, String session) {
        String json = "{\"id\":\"" + id + "\",\"imsi\":\"208011234567890\",\"imei\":\"356938035643809\","
                + "\"meaning\":\"session_cumulative\",\"session\":\"" + session + "\","
                + "\"end\":\"2026-11-23T11:59:00Z\",\"up\":1,\"down\":2,\"plmn\":\"208-01\"}";
        Reported.Usage read = (Reported.Usage) records.usage(json.getBytes(StandardCharsets.UTF_8), FEED, NOON);
        assertThat(read.id()).as("in the answer").isEqualTo(id);
        return read.record().key() + " " + read.record().session();
    }

    private static Reported usage(String more) {
        String json = "{\"id\":\"r\",\"imsi\":\"208011234567890\",\"end\":\"2026-11-23T11:59:00Z\",\"up\":1,\"down\":2,"
                + "\"plmn\":\"208-01\"," + more + "}";
        return records.usage(json.getBytes(StandardCharsets.UTF_8), FEED, NOON);
    }
}
