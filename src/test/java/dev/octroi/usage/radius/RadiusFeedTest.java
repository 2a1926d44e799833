package dev.octroi.usage.radius;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.radius.MalformedRadiusException;
import dev.octroi.radius.RadiusDigest;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.Seeds;
import dev.octroi.usage.Subscriber;
import dev.octroi.usage.UsageIntake;
import dev.octroi.usage.radius.AccountingSender.Attributes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RADIUS accounting over UDP into a real database: with packets of our own and with FreeRADIUS's client. */
class RadiusFeedTest {
    private static final String SECRET = "a-shared-secret-of-the-test";
    private static final String OTHER_WAY = "127.0.0.2";
    private static final String OTHER_SECRET = "the-secret-of-the-other-way";
    private static final int START = 1;
    private static final int STOP = 2;
    private static final int INTERIM = 3;
    private static final int ACCOUNTING_ON = 7;
    private static final long WRAP = 1L << 32;

    private static final AtomicBoolean FAILING = new AtomicBoolean();
    private static final List<SessionsBegun.Begun> BEGUN = new CopyOnWriteArrayList<>();

    private static QuotaFixture fixture;
    private static BlindIndex index;
    private static SimpleMeterRegistry meters;
    private static RadiusListener listener;
    private static AccountingSender sender;
    private static int port;
    private static int subscribers = 500;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        fixture = new QuotaFixture();
        index = new BlindIndex(Keyring.open(directory, new SecureRandom()));
        meters = new SimpleMeterRegistry();
        UsageIntake intake =
                new UsageIntake(fixture.database, fixture.accounts, index, fixture.clock, Duration.ofHours(72), meters);
        List<RadiusClient> ways = List.of(client("127.0.0.1", SECRET), client(OTHER_WAY, OTHER_SECRET));
        listener =
                new RadiusListener(fixture.vertx, intake, index, RadiusClients.of(ways), RadiusFeedTest::begun, meters);
        port = await(listener.listen("127.0.0.1", 0));
        sender = new AccountingSender(port, SECRET);
    }

    private static RadiusClient client(String address, String secret) throws IOException {
        return new RadiusClient(
                InetAddress.getByName(address),
                "pgw-paris",
                secret.getBytes(StandardCharsets.UTF_8),
                0,
                List.of("20801"),
                Optional.empty());
    }

    @AfterAll
    static void close() {
        sender.close();
        await(listener.close());
        fixture.close();
    }

    @Test
    void aSessionIsCountedToTheByteWhenItIsAnswered() throws IOException {
        Traveller traveller = new Traveller();
        sender.tell(1, traveller.report(START, "s1", 0, 0));
        sender.tell(2, traveller.report(INTERIM, "s1", MB, 3 * MB));
        assertThat(traveller.usedBytes()).isEqualTo(4 * MB);
        sender.tell(3, traveller.report(STOP, "s1", MB + 7, 5 * MB));
        assertThat(traveller.usedBytes()).isEqualTo(6 * MB + 7);
        sender.tell(4, traveller.report(INTERIM, "s2", 1, 1));
        assertThat(traveller.usedBytes()).isEqualTo(6 * MB + 9);
    }

    @Test
    void aSessionWhosePacketsTakeAnotherWayGoesOn() throws IOException {
        Traveller traveller = new Traveller();
        Attributes reading = traveller.report(INTERIM, "ways", MB, 2 * MB).number(46, 60);
        sender.tell(1, reading);
        try (AccountingSender other = new AccountingSender(OTHER_WAY, port, OTHER_SECRET)) {
            other.tell(1, reading);
            assertThat(traveller.usedBytes()).as("the same reading").isEqualTo(3 * MB);
            other.tell(2, traveller.report(INTERIM, "ways", MB, 3 * MB).number(46, 120));
            assertThat(traveller.usedBytes()).isEqualTo(4 * MB);
        }
        sender.tell(2, traveller.report(STOP, "ways", 2 * MB, 3 * MB).number(46, 180));
        assertThat(traveller.usedBytes()).isEqualTo(5 * MB);
    }

    @Test
    void reorderedAndRepeatedPacketsChangeNothing() throws IOException {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        Traveller traveller = new Traveller();
        List<Attributes> reports = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            int status = i == 12 ? STOP : INTERIM;
            reports.add(traveller.report(status, "s", i * MB, i * 2 * MB).number(46, i * 60L));
            if (random.nextBoolean()) {
                // The same reading, sent later: another identifier, another delay.
                reports.add(traveller
                        .report(status, "s", i * MB, i * 2 * MB)
                        .number(46, i * 60L)
                        .number(41, 1 + random.nextInt(30)));
            }
        }
        Collections.shuffle(reports, random);
        for (int i = 0; i < reports.size(); i++) {
            sender.tell(i, reports.get(i));
        }
        assertThat(traveller.usedBytes()).as("seed %d", seed).isEqualTo(36 * MB);
    }

    @Test
    void onlyTheBeginningOfASessionIsToldAndComesAgainWhereThatFailed() throws IOException {
        Traveller traveller = new Traveller();
        Subscriber subscriber = Subscriber.of(IdentifierKind.IMSI, index.network(IdentifierKind.IMSI, traveller.imsi));
        byte[] packet = sender.packet(1, traveller.report(START, "begun", 0, 0));
        FAILING.set(true);
        Counter failed = meters.counter("octroi.radius.packets", "result", "failed");
        double before = failed.count();
        sender.send(packet);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> failed.count() == before + 1);
        FAILING.set(false);
        sender.send(packet);
        assertThat(sender.answer(packet)).isEqualTo(1);
        assertThat(begun(subscriber)).hasSize(2).containsOnly(Optional.empty());
        sender.tell(2, traveller.report(INTERIM, "begun", 1_000, 2_000));
        sender.tell(3, traveller.report(STOP, "begun", 1_500, 2_500));
        assertThat(begun(subscriber)).as("nothing says how long it lasts").hasSize(2);
        assertThat(traveller.usedBytes()).isEqualTo(4_000);
    }

    @Test
    void aSessionWhoseStartWasLostIsToldWithTheTimeAtWhichItBegan() throws IOException {
        Traveller traveller = new Traveller();
        sender.tell(
                1,
                traveller
                        .report(INTERIM, "unheard", 1_000, 2_000)
                        .number(46, 500)
                        .number(41, 10));
        sender.tell(2, traveller.report(STOP, "unheard", 1_000, 2_000).number(46, 600));
        assertThat(begun(Subscriber.of(IdentifierKind.IMSI, index.network(IdentifierKind.IMSI, traveller.imsi))))
                .containsExactly(Optional.of(fixture.clock.instant().minusSeconds(512)));
    }

    private static List<Optional<Instant>> begun(Subscriber subscriber) {
        return BEGUN.stream()
                .filter(each -> each.subscriber().equals(subscriber))
                .map(SessionsBegun.Begun::at)
                .toList();
    }

    private static Future<Void> begun(List<SessionsBegun.Begun> sessions) {
        BEGUN.addAll(sessions);
        return FAILING.get() ? Future.failedFuture("down") : Future.succeededFuture();
    }

    @Test
    void aRetransmissionGetsTheSameAnswerAndIsCountedOnce() throws IOException {
        Traveller traveller = new Traveller();
        byte[] packet = sender.packet(9, traveller.report(STOP, "s", MB, MB));
        sender.send(packet);
        assertThat(sender.answer(packet)).isEqualTo(9);
        sender.send(packet);
        assertThat(sender.answer(packet)).isEqualTo(9);
        assertThat(traveller.usedBytes()).isEqualTo(2 * MB);
        assertThat(fixture.number("SELECT count(*) FROM ledger WHERE account_id = ?", traveller.key.accountId()))
                .isEqualTo(1);
    }

    @Test
    void whatProxiesOnTheWayAddedComesBackInItsOrder() throws IOException {
        Traveller traveller = new Traveller();
        String far = "f".repeat(253);
        List<Attributes> requests = List.of(
                traveller
                        .report(STOP, "s", MB, MB)
                        .text(33, far)
                        .text(25, "class")
                        .text(33, "near"),
                new Attributes()
                        .number(40, ACCOUNTING_ON)
                        .text(32, "pgw-1")
                        .text(33, far)
                        .text(33, "near"));
        for (Attributes request : requests) {
            byte[] packet = sender.packet(17, request);
            sender.send(packet);
            byte[] answer = sender.wholeAnswer(packet);
            assertThat(ByteBuffer.wrap(answer).getShort(2)).isEqualTo((short) (20 + 255 + 6));
            assertThat(new String(answer, 20, answer.length - 20, StandardCharsets.ISO_8859_1))
                    .isEqualTo("\u0021\u00ff" + far + "\u0021\u0006near");
            sender.send(packet);
            assertThat(sender.wholeAnswer(packet)).as("a repetition").isEqualTo(answer);
        }
        assertThat(traveller.usedBytes()).isEqualTo(2 * MB);
    }

    @Test
    void countersOf32BitsWrapAndGigawordsAreAdded() throws IOException {
        Traveller wrapping = new Traveller();
        sender.tell(1, wrapping.base(INTERIM, "s").number(42, 0).number(43, WRAP - MB));
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        sender.tell(2, wrapping.base(INTERIM, "s").number(42, 0).number(43, 2 * MB));
        assertThat(wrapping.usedBytes() + wrapping.beyondBytes()).isEqualTo(WRAP + 2 * MB);

        // Many senders leave gigawords out as long as they are zero.
        Traveller counting = new Traveller();
        sender.tell(3, counting.base(INTERIM, "s").number(42, 0).number(43, WRAP - MB));
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        sender.tell(4, counting.base(STOP, "s").number(42, 0).number(43, MB).number(53, 2));
        assertThat(counting.usedBytes() + counting.beyondBytes()).isEqualTo(2 * WRAP + MB);
    }

    @Test
    void packetThatLeavesItsCountersOutIsNoCounterAtZero() throws IOException {
        Traveller traveller = new Traveller();
        sender.tell(1, traveller.base(INTERIM, "none").number(42, 3_000 * MB).number(43, 3_500 * MB));
        for (Attributes without : List.of(
                traveller.base(INTERIM, "none"),
                traveller.base(INTERIM, "none").number(42, 3_001 * MB),
                traveller.base(STOP, "none").number(43, 3_500 * MB),
                traveller.base(START, "none"),
                traveller.report(START, "none", 0, 0),
                traveller.base(START, "none").number(42, 0).number(43, 0))) {
            fixture.now.updateAndGet(now -> now.plusSeconds(60));
            sender.tell(2, without);
        }
        assertThat(traveller.usedBytes() + traveller.beyondBytes()).isEqualTo(6_501 * MB);
    }

    @Test
    void senderThatTellsOneDirectionOnlyIsCountedBeyondAWrap() throws IOException {
        Traveller traveller = new Traveller();
        tellDown(traveller, 3_000 * MB);
        tellDown(traveller, WRAP - MB);
        tellDown(traveller, 2 * MB);
        assertThat(traveller.allBytes()).isEqualTo(WRAP + 2 * MB);
        tellDown(traveller, 3_100 * MB);
        tellDown(traveller, MB);
        assertThat(traveller.allBytes()).isEqualTo(2 * WRAP + MB);
    }

    @Test
    void sessionThatSaysTwiceThatItBeginsAndThenTellsOneDirectionOnlyGoesOn() throws IOException {
        Traveller traveller = new Traveller();
        sender.tell(8, traveller.base(INTERIM, "again").number(42, 50 * MB).number(43, 900 * MB));
        pass(60);
        tell(traveller, START, 0, true);
        tellDown(traveller, 910 * MB);
        assertThat(traveller.allBytes()).isEqualTo(960 * MB);
        sender.tell(8, traveller.base(INTERIM, "again").number(42, 60 * MB).number(43, 920 * MB));
        assertThat(traveller.allBytes()).isEqualTo(980 * MB);
    }

    private static void tellDown(Traveller traveller, long down) throws IOException {
        pass(60);
        sender.tell(8, traveller.base(INTERIM, "again").number(43, down % WRAP));
    }

    @Test
    void sessionOfANumberThatWasUsedBeforeIsCountedFromItsBeginning() throws IOException {
        for (boolean narrow : new boolean[] {true, false}) {
            Traveller traveller = new Traveller();
            // A beginning says nothing that tells it from another one of the same session on the same day.
            tell(traveller, START, 0, narrow);
            pass(60);
            tell(traveller, INTERIM, 3_000 * MB, narrow);
            pass(60);
            tell(traveller, STOP, 3_100 * MB, narrow);
            pass(3_600);
            tell(traveller, START, 0, narrow);
            assertThat(traveller.allBytes()).isEqualTo(3_100 * MB);
            pass(60);
            tell(traveller, INTERIM, 10 * MB, narrow);
            assertThat(traveller.allBytes()).isEqualTo(3_110 * MB);
            sender.tell(7, reading(traveller, STOP, 3_120 * MB, narrow).number(41, 3_690));
            assertThat(traveller.allBytes()).as("late, of the session before").isEqualTo(3_110 * MB);
            pass(60);
            tell(traveller, STOP, 30 * MB, narrow);
            assertThat(traveller.allBytes()).isEqualTo(3_130 * MB);
        }
    }

    @Test
    void sessionThatSaysTwiceThatItBeginsGoesOn() throws IOException {
        for (boolean narrow : new boolean[] {true, false}) {
            Traveller traveller = new Traveller();
            tell(traveller, INTERIM, WRAP - MB, narrow);
            pass(60);
            tell(traveller, INTERIM, WRAP + MB, narrow);
            pass(60);
            tell(traveller, START, 0, narrow);
            pass(60);
            tell(traveller, INTERIM, WRAP + 10 * MB, narrow);
            assertThat(traveller.allBytes()).isEqualTo(WRAP + 10 * MB);
        }
    }

    private static void tell(Traveller traveller, int status, long down, boolean narrow) throws IOException {
        sender.tell(6, reading(traveller, status, down, narrow));
    }

    private static Attributes reading(Traveller traveller, int status, long down, boolean narrow) {
        return narrow
                ? traveller.base(status, "again").number(42, 0).number(43, down % WRAP)
                : traveller.report(status, "again", 0, down);
    }

    private static void pass(int seconds) {
        fixture.now.updateAndGet(now -> now.plusSeconds(seconds));
    }

    @Test
    void lateReadingOfA32BitCounterAddsNothing() throws IOException {
        Traveller late = new Traveller();
        long noon = fixture.now.get().getEpochSecond() - 3_600;
        Attributes first = late.base(INTERIM, "late").number(42, 0).number(43, 2_000_000_000L);
        sender.tell(
                1,
                late.base(INTERIM, "late")
                        .number(42, 0)
                        .number(43, 200_000_000)
                        .number(53, 1)
                        .number(55, noon + 900));
        sender.tell(2, first.number(55, noon).number(41, 1_000));
        assertThat(late.usedBytes() + late.beyondBytes()).isEqualTo(WRAP + 200_000_000);
    }

    @Test
    void readingsOfOneSecondAreCountedInAnyOrder() throws IOException {
        long noon = fixture.now.get().getEpochSecond() - 3_600;
        List<Long> counts = List.of(WRAP - 200 * MB, WRAP - MB, 5 * MB);
        for (List<Integer> order : List.of(List.of(0, 1, 2), List.of(0, 2, 1))) {
            Traveller traveller = new Traveller();
            for (int each : order) {
                sender.tell(
                        each,
                        traveller
                                .base(each == 2 ? STOP : INTERIM, "second")
                                .number(42, 0)
                                .number(43, counts.get(each))
                                .number(55, each == 0 ? noon : noon + 60));
            }
            assertThat(traveller.usedBytes() + traveller.beyondBytes())
                    .as("order %s", order)
                    .isEqualTo(WRAP + 5 * MB);
        }
    }

    @Test
    void whatCannotBeBelievedIsNotAnswered() throws IOException {
        Traveller traveller = new Traveller();
        try (AccountingSender stranger = new AccountingSender(port, "another secret altogether")) {
            byte[] forged = stranger.packet(77, traveller.report(STOP, "s", MB, MB));
            sender.send(forged);
        }
        byte[] altered = sender.packet(78, traveller.report(STOP, "s", MB, MB));
        altered[altered.length - 1] ^= 1;
        sender.send(altered);
        sender.send(new byte[] {4, 1, 0, 20});
        sender.send(sender.packet(79, new Attributes().number(40, 99)));
        sender.send(sender.packet(80, new Attributes().number(40, STOP)));
        byte[] foreign =
                sender.packet(81, Attributes.of(STOP, "s", "310150000000001").bytes(1, 1));
        sender.send(foreign);
        // The next packet that is good gets the next answer.
        sender.tell(82, new Attributes().number(40, ACCOUNTING_ON).text(32, "pgw-1"));
        assertThat(traveller.usedBytes()).isZero();
        assertThat(meters.counter("octroi.radius.packets", "result", "malformed")
                        .count())
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void anyBytesAreEitherAPacketOrDropped() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random random = new Random(seed);
            byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
            byte[] good = sender.packet(5, new Traveller().report(STOP, "s", MB, MB));
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = good.clone();
                for (int flips = random.nextInt(6); flips > 0; flips--) {
                    bytes[20 + random.nextInt(bytes.length - 20)] = (byte) random.nextInt();
                }
                try {
                    // Signed by whoever knows the secret, so that the attributes are read.
                    byte[] unsigned = bytes.clone();
                    java.util.Arrays.fill(unsigned, 4, 20, (byte) 0);
                    System.arraycopy(RadiusDigest.md5(unsigned, secret), 0, bytes, 4, 16);
                    RadiusPacket packet = RadiusPacket.read(bytes, secret);
                    AccountingRequest request = AccountingRequest.read(packet.attributes());
                    assertThat(request.upBytes()).as("seed %d", seed).isNotNegative();
                } catch (MalformedRadiusException dropped) {
                    assertThat(dropped.getMessage()).isNotEmpty();
                }
            }
        });
    }

    @Test
    void aSubscriberThatIsNotKnownWaitsInQuarantineAndIsAnswered() throws IOException {
        sender.tell(1, Attributes.of(STOP, "lonely", "208019999990001").bytes(MB, MB));
        assertThat(fixture.number(
                        "SELECT count(*) FROM quarantine WHERE source = 'pgw-paris' AND reason = 'unknown_subscriber'"))
                .isEqualTo(1);
    }

    @Test
    void theLocationOfAPacketMovesTheDeviceIntoAZone() throws IOException {
        Traveller traveller = new Traveller();
        // TAI and ECGI: 208-01, tracking area 7501, cell 0012345.
        sender.tell(1, traveller.report(INTERIM, "s", 1, 1).hex3gpp(22, "8202f810750102f81000012345"));
        assertThat(fixture.number(
                        "SELECT count(*) FROM restriction WHERE account_id = ? AND id = 'zone:zone_paris'",
                        traveller.key.accountId()))
                .isEqualTo(1);
    }

    @Test
    void anotherImeisvIsAnotherDeviceAndAnotherSoftwareVersionIsNot() throws IOException {
        Traveller traveller = new Traveller();
        sender.tell(1, traveller.report(START, "d", 1, 1).text3gpp(20, "3569380356438001"));
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        sender.tell(2, traveller.report(INTERIM, "d", 2, 2).text3gpp(20, "3569380356438002"));
        sender.tell(3, traveller.report(INTERIM, "d", 3, 3).text3gpp(20, "not digits"));
        sender.tell(4, traveller.report(INTERIM, "d", 4, 4).text3gpp(20, "0000000000000000"));
        assertThat(traveller.deviceChanges()).isZero();
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        sender.tell(5, traveller.report(INTERIM, "d", 5, 5).text3gpp(20, "4901542032375102"));
        assertThat(traveller.deviceChanges()).isEqualTo(1);
        assertThat(traveller.usedBytes()).as("all of it is counted").isEqualTo(10);
    }

    @Test
    void locationsOfAllGenerationsAreRead() {
        assertThat(location("0002f8101234abcd")).contains(new UserLocation("208-01", "1234", "ABCD"));
        assertThat(location("0213006212340a")).contains(new UserLocation("310-260", "1234", null));
        assertThat(location("8002f8107501")).contains(new UserLocation("208-01", "7501", null));
        assertThat(location("8902f81000750102f810f123456789"))
                .contains(new UserLocation("208-01", "007501", "123456789"));
        assertThat(location("8302f810000001")).isEmpty();
        assertThat(location("80")).isEmpty();
    }

    @Test
    void networkWhoseDigitsAreNoneIsNoLocation() throws IOException {
        for (String plmn : List.of("ffffff", "a2f810", "0af810", "02fa10", "02f8a0", "02f81a", "02a810", "f2f810")) {
            assertThat(location("80" + plmn + "7501")).as(plmn).isEmpty();
            assertThat(location("82" + plmn + "750102f81000012345")).as(plmn).isEmpty();
        }
        assertThat(location("8002f810fffe")).as("areas are no digits").isPresent();

        Traveller traveller = new Traveller();
        sender.tell(1, traveller.base(INTERIM, "digits").bytes(1, 1).hex3gpp(22, "82ffffff7501ffffff00012345"));
        assertThat(fixture.number(
                        "SELECT count(*) FROM usage_by_hour WHERE account_id = ? AND plmn = '208-01'",
                        traveller.key.accountId()))
                .as("3GPP-SGSN-MCC-MNC is not hidden")
                .isEqualTo(1);
    }

    @Test
    void theFileOfClientsIsStrict(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("radius.yaml");
        Files.writeString(file, """
                clients:
                  - address: 192.0.2.7
                    name: pgw-1
                    secret: 0123456789abcdef
                    imsiPrefixes: ["20801"]
                    home: 208-01
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> RadiusClients.read(file)).hasMessageContaining("readable by its owner only");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(RadiusClients.read(file).find(InetAddress.getByName("192.0.2.7")))
                .map(RadiusClient::name)
                .contains("pgw-1");
        String way = "{address: 192.0.2.%d, name: a, secret: 0123456789abcdef, home: 208-%s}";
        Files.writeString(file, "clients: [" + way.formatted(7, "01") + ", " + way.formatted(8, "01") + "]");
        assertThat(RadiusClients.read(file).find(InetAddress.getByName("192.0.2.8")))
                .isPresent();
        Files.writeString(file, "clients: [" + way.formatted(7, "01") + ", " + way.formatted(7, "01") + "]");
        assertThatThrownBy(() -> RadiusClients.read(file)).hasMessageContaining("share an address");
        Files.writeString(file, "clients: [" + way.formatted(7, "01") + ", " + way.formatted(8, "10") + "]");
        assertThatThrownBy(() -> RadiusClients.read(file)).hasMessageContaining("share a name");
        Files.writeString(file, "clients: [{address: 192.0.2.7, name: a, secret: short}]");
        assertThatThrownBy(() -> RadiusClients.read(file)).hasMessageContaining("at least 16 bytes");
        Files.writeString(file, "clients: [{address: 192.0.2.7, nme: a}]");
        assertThatThrownBy(() -> RadiusClients.read(file)).hasMessageContaining("no member \"nme\"");
        for (String bound : new String[] {"imsiPrefixes: '20801'", "imsiPrefixes: []", "tenant: one"}) {
            Files.writeString(
                    file, "clients: [{address: 192.0.2.7, name: a, secret: 0123456789abcdef, " + bound + "}]");
            assertThatThrownBy(() -> RadiusClients.read(file)).as(bound).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theClientOfFreeRadiusIsUnderstood() throws IOException, InterruptedException {
        assumeTrue(onPath("radclient"), "radclient is not installed");
        Traveller traveller = new Traveller();
        String request = """
                Acct-Status-Type = Interim-Update
                Acct-Session-Id = "fr-1"
                NAS-Identifier = "pgw-1"
                Acct-Input-Octets = 1000
                Acct-Output-Octets = 5000000
                Acct-Output-Gigawords = 0
                3GPP-IMSI = "%s"
                3GPP-SGSN-MCC-MNC = "20801"
                """.formatted(traveller.imsi);
        Process radclient = new ProcessBuilder("radclient", "-r", "2", "-t", "10", "127.0.0.1:" + port, "acct", SECRET)
                .redirectErrorStream(true)
                .start();
        try (var in = radclient.getOutputStream()) {
            in.write(request.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(radclient.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String printed = new String(radclient.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(radclient.exitValue()).as(printed).isZero();
        assertThat(traveller.usedBytes()).isEqualTo(5_001_000);
    }

    private static Optional<UserLocation> location(String hex) {
        return UserLocation.read(java.util.HexFormat.of().parseHex(hex));
    }

    private static boolean onPath(String command) {
        return java.util.Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** A subscriber with an account. */
    private static final class Traveller {
        private final String imsi = "20801" + String.format("%010d", subscribers++);
        private final AccountKey key = fixture.open(AccountFixture.france());

        Traveller() {
            await(fixture.database.inTenant(
                    fixture.tenant,
                    connection -> new AccountLinkStore()
                            .link(
                                    connection,
                                    key,
                                    index.network(IdentifierKind.IMSI, imsi),
                                    index.network(IdentifierKind.ICCID, "8933010000" + imsi.substring(5)))));
        }

        Attributes base(int status, String session) {
            return Attributes.of(status, session, imsi);
        }

        Attributes report(int status, String session, long up, long down) {
            return base(status, session).bytes(up, down);
        }

        long deviceChanges() {
            return fixture.number("""
                    SELECT count(*) FROM event e JOIN account a ON a.subscription_id = e.subject_id
                    WHERE a.id = ? AND e.type = 'device.changed'
                    """, key.accountId());
        }

        long allBytes() {
            return usedBytes() + beyondBytes();
        }

        long usedBytes() {
            return fixture.number("SELECT used_bytes FROM account_hot WHERE account_id = ?", key.accountId());
        }

        long beyondBytes() {
            return fixture.number("SELECT beyond_bytes FROM account_hot WHERE account_id = ?", key.accountId());
        }
    }
}
