package dev.octroi.usage.file;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import dev.octroi.usage.FeedTerms;
import dev.octroi.usage.OverloadedException;
import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of usage records, on a real database. */
class UsageFilesTest {
    private static final long MAX_BYTES = 10_000_000;
    private static final String HEADER = "id,imsi,end,up,down,plmn,category\n";

    private static QuotaFixture fixture;
    private static BlindIndex index;
    private static UsageIntake intake;
    private static int imsis = 500;
    private static int feeds;

    @TempDir
    private Path folder;

    private final FeedTerms terms = new FeedTerms("files-" + feeds++, 0, List.of("20801"));
    private final String imsi = "20801" + String.format("%010d", imsis++);
    private final AccountKey account = subscriber(imsi);

    @BeforeAll
    static void open(@TempDir Path keys) throws Exception {
        fixture = new QuotaFixture();
        index = new BlindIndex(Keyring.open(keys, new SecureRandom()));
        intake = new UsageIntake(
                fixture.database,
                fixture.accounts,
                index,
                fixture.clock,
                Duration.ofHours(72),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void rowsAreCountedAndRejectedOnesAreReportedWithLineAndReason() throws Exception {
        Path file = file(
                "a.csv",
                HEADER + row("r1", 100) + "\n# a comment\n" + row("r2", "x") + row("r3", -5)
                        + row("r4", 50) + "r5,310150000000001," + now() + ",1,1,208-01,web\n" + "r6,too,few\n"
                        + "x".repeat(UsageLines.MAX_ROW_BYTES + 10) + "\n" + row("r7", 7));
        FileOutcome.Done done = (FileOutcome.Done) run(file);
        assertThat(done.tally()).isEqualTo(new FileTally(3, 0, 0, 5));
        assertThat(used()).isEqualTo(157);
        Path report = folder.resolve("a.csv.rejected.csv");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(report))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("5,malformed,")
                        .contains("\"" + row("r2", "x").strip()))
                .anySatisfy(line -> assertThat(line).startsWith("6,negative,"))
                .anySatisfy(line -> assertThat(line).startsWith("8,subscriber_not_covered,"))
                .anySatisfy(line -> assertThat(line).startsWith("9,malformed,"))
                .anySatisfy(line -> assertThat(line).startsWith("10,malformed,"))
                .hasSize(6);
    }

    @Test
    void rowWithACarriageReturnInsideIsRejectedWithLineAndReason() throws Exception {
        String inside = row("c1", 100).strip() + "\r" + row("c2", 100);
        Path file = file("inside.csv", HEADER + inside + row("c3", 7).strip() + "\r\r\n#end,2\n");
        assertThat(((FileOutcome.Done) run(file)).tally()).isEqualTo(new FileTally(1, 0, 0, 1));
        assertThat(used()).isEqualTo(7);
        assertThat(Files.readString(folder.resolve("inside.csv.rejected.csv")))
                .contains("2,malformed,\"The row has a carriage return inside; a line feed ends a row.\"");
        Path old = file("old.csv", (HEADER + row("c4", 100) + row("c5", 100)).replace('\n', '\r') + "\n");
        assertThat(run(old))
                .isEqualTo(new FileOutcome.Refused(
                        "The first line has a carriage return inside; a line feed ends a row."));
    }

    @Test
    void blankLinesOfAnyKindLeaveNoRowOut() throws Exception {
        StringBuilder text = new StringBuilder("imsi,end,up,down,plmn\n \r\t\n\r\r\n");
        text.append((imsi + "," + now() + ",0,1,208-01\n").repeat(FileImport.CHUNK - 1));
        Path file = file("blank.csv", text + imsi + "," + now() + ",0,1000000,208-01\n");
        assertThat(((FileOutcome.Done) run(file)).tally()).isEqualTo(new FileTally(FileImport.CHUNK, 0, 0, 0));
        assertThat(used()).isEqualTo(1_000_000 + FileImport.CHUNK - 1);
    }

    @Test
    void asManyRowsAreReadAsAreCountedBefore() throws Exception {
        String header = "imsi,end,up,down,plmn\n";
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(header);
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(" \t\r\n\n#a,".charAt(random.nextInt(8)));
            }
            if (random.nextInt(10) == 0) {
                text.append(" ".repeat(UsageLines.MAX_ROW_BYTES + random.nextInt(10)))
                        .append(random.nextBoolean() ? "a" : "");
            }
            Path file = file("any.csv", text + "\n");
            long rows = 0;
            try (InputStream in = Files.newInputStream(file)) {
                UsageLines lines = new UsageLines(in);
                lines.open();
                for (List<UsageRow> some = lines.next(7); !some.isEmpty(); some = lines.next(7)) {
                    rows += some.size();
                }
            }
            assertThat(rows)
                    .as("seed " + seed)
                    .isEqualTo(FileFacts.of(file, MAX_BYTES).rows());
        }
    }

    @Test
    void theSameContentUnderAnyNameIsCountedOnce() throws Exception {
        Path file = file("b.csv", HEADER + row("r1", 100));
        run(file);
        assertThat(run(file)).isEqualTo(new FileOutcome.Repeated("b.csv"));
        assertThat(run(file("copy.csv", Files.readString(file)))).isEqualTo(new FileOutcome.Repeated("b.csv"));
        assertThat(used()).isEqualTo(100);
        assertThat(Files.exists(folder.resolve("b.csv.rejected.csv")))
                .as("no report without a rejected row")
                .isFalse();
    }

    @Test
    void fileWhoseRowsWereRejectedIsReadAnewOnceTheSettingsAreRight() throws Exception {
        String header = "imsi,end,up,down,plmn\n";
        String own = imsi + "," + now() + ",0,100,208-01\n";
        String foreign = "2080299" + imsi.substring(7);
        AccountKey other = subscriber(foreign);
        Path file = file("wrong.csv", header + own + foreign + "," + now() + ",0,7,208-02\n");
        assertThat(((FileOutcome.Done) run(file)).tally()).isEqualTo(new FileTally(1, 0, 0, 1));

        FeedTerms wider = new FeedTerms(terms.name(), 0, List.of("20801", "20802"));
        Path again = file("again.csv", Files.readString(file));
        FileImport.Source right =
                new FileImport.Source(wider.feed(), again, folder.resolve("again.csv.rejected.csv"), false, false);
        assertThat(((FileOutcome.Done) imports().run(right, tally -> {})).tally())
                .as("known by its first name, so that rows without ids meet themselves")
                .isEqualTo(new FileTally(1, 1, 0, 0));
        assertThat(used()).isEqualTo(100);
        assertThat(used(other)).isEqualTo(7);
        assertThat(imports().run(right, tally -> {}))
                .as("nothing is left to count")
                .isEqualTo(new FileOutcome.Repeated("wrong.csv"));
    }

    @Test
    void packedFileIsCountedOnceWhetherItComesPackedOrNot() throws Exception {
        String text = HEADER + row("z1", 100) + row("z2", 11) + "#end,2\n";
        Path packed = bytes("z_000001.csv.gz", gzip(text));
        FileOutcome.Done done = (FileOutcome.Done) imports().run(source(packed, true, true), tally -> {});
        assertThat(done.tally()).isEqualTo(new FileTally(2, 0, 0, 0));
        assertThat(used()).isEqualTo(111);
        assertThat(run(file("z_000001.csv", text))).isEqualTo(new FileOutcome.Repeated("z_000001.csv.gz"));
        assertThat(FileSequence.of("z_000001.csv.gz")).isEqualTo(FileSequence.of("z_000001.csv"));

        Path members = bytes("two.csv.gz", concat(gzip(HEADER + row("z3", 5)), gzip(row("z4", 6))));
        assertThat(((FileOutcome.Done) run(members)).tally().counted())
                .as("a file of several members (RFC 1952 §2.2)")
                .isEqualTo(2);
        assertThat(used()).isEqualTo(122);
    }

    @Test
    void packedFileThatIsCutWaitsAndOneThatIsDamagedOrABombIsRefused() throws Exception {
        byte[] whole = gzip(HEADER + row("c1", 100) + row("c2", 100));
        for (int cut : new int[] {0, 5, 12, whole.length - 9, whole.length - 1}) {
            assertThat(run(bytes("cut.csv.gz", Arrays.copyOf(whole, cut))))
                    .as("cut after %d bytes", cut)
                    .isInstanceOf(FileOutcome.Incomplete.class);
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1;
        assertThat(run(bytes("damaged.csv.gz", damaged))).isInstanceOf(FileOutcome.Refused.class);
        assertThat(run(bytes("text.csv.gz", (HEADER + row("c3", 1)).getBytes(StandardCharsets.UTF_8))))
                .as("not packed at all")
                .isInstanceOf(FileOutcome.Refused.class);
        assertThat(run(bytes("more.csv.gz", concat(whole, new byte[] {1, 2, 3, 4, 5}))))
                .as("something behind the end")
                .isInstanceOf(FileOutcome.Refused.class);
        byte[] bomb = gzip(HEADER + "#" + "0".repeat((int) UsageContent.FREE_BYTES));
        assertThat(bomb.length).isLessThan(100_000);
        assertThat(run(bytes("bomb.csv.gz", bomb)))
                .isInstanceOfSatisfying(
                        FileOutcome.Refused.class,
                        refused -> assertThat(refused.sentence()).contains("unpacks to more than"));
        assertThat(used()).isZero();
    }

    private Path bytes(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(out)) {
            packer.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void anImportThatIsKilledAndStartedAnewLosesNothingAndCountsNothingTwice() throws Exception {
        StringBuilder rows = new StringBuilder(HEADER.substring(3));
        int count = FileImport.CHUNK * 2 + 100;
        for (int i = 0; i < count; i++) {
            rows.append(imsi)
                    .append(',')
                    .append(now())
                    .append(",0,")
                    .append(1 + i % 7)
                    .append(",208-01,web\n");
        }
        Path file = file("killed.csv", rows.toString());
        AtomicInteger chunks = new AtomicInteger();
        assertThatThrownBy(() -> imports().run(source(file, false, false), tally -> {
                    if (chunks.incrementAndGet() == 2) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        assertThat(ledgerRows()).isEqualTo(FileImport.CHUNK * 2L);
        FileOutcome.Done done = (FileOutcome.Done) run(file);
        assertThat(done.tally()).isEqualTo(new FileTally(100, FileImport.CHUNK * 2L, 0, 0));
        assertThat(ledgerRows()).isEqualTo(count);
    }

    @Test
    void twoEqualRowsWithoutIdsAreTwoRecordsAndStaySoWhenTheFileGrows() throws Exception {
        String row = imsi + "," + now() + ",0,10,208-01\n";
        Path file = file("noid.csv", "imsi,end,up,down,plmn\n" + row + row);
        run(file);
        assertThat(used()).isEqualTo(20);
        Files.writeString(file, "imsi,end,up,down,plmn\n" + row + row + row);
        assertThat(((FileOutcome.Done) run(file)).tally()).isEqualTo(new FileTally(1, 2, 0, 0));
        assertThat(used()).isEqualTo(30);
    }

    @Test
    void aTruncatedFileWaitsForItsRest() throws Exception {
        String whole = HEADER + row("r1", 100) + row("r2", 100);
        Path file = file("cut.csv", whole.substring(0, whole.length() - 9));
        assertThat(run(file)).isInstanceOf(FileOutcome.Incomplete.class);
        assertThat(used()).isZero();
        Files.writeString(file, whole);
        assertThat(run(file)).isInstanceOf(FileOutcome.Done.class);
        assertThat(used()).isEqualTo(200);
    }

    @Test
    void aFileThatEndsBetweenTwoRowsIsFoundOutByItsEndMark() throws Exception {
        Path file = file("mark.csv", HEADER + row("r1", 100) + "#end,2\n");
        assertThat(run(file)).isInstanceOf(FileOutcome.Incomplete.class);
        Files.writeString(file, HEADER + row("r1", 100) + row("r2", 100) + "#end,2\n");
        assertThat(run(file)).isInstanceOf(FileOutcome.Done.class);
        Path without = file("unmarked.csv", HEADER + row("r3", 100));
        assertThat(imports().run(source(without, false, true), tally -> {})).isInstanceOf(FileOutcome.Incomplete.class);
        assertThat(used()).isEqualTo(200);
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNotDone() throws Exception {
        Path file = file("moving.csv", HEADER + row("r1", 100));
        FileOutcome outcome = imports().run(source(file, false, false), tally -> append(file, row("r2", 100)));
        assertThat(outcome).isInstanceOf(FileOutcome.Incomplete.class);
        assertThat(((FileOutcome.Done) run(file)).tally()).isEqualTo(new FileTally(1, 1, 0, 0));
        assertThat(used()).isEqualTo(200);
    }

    @Test
    void missingNumbersAreToldUntilTheyArrive() throws Exception {
        numbered("pgw_0007.csv", "r7");
        FileOutcome.Done gap = numbered("pgw_0011.csv", "r11");
        assertThat(gap.missing()).containsExactly(new FileOutcome.Missing("pgw_", 8, 10));
        FileOutcome.Done late = numbered("pgw_0009.csv", "r9");
        assertThat(late.missing()).hasToString("[pgw_8, pgw_10]");
        numbered("pgw_0008.csv", "r8");
        assertThat(numbered("pgw_0010.csv", "r10").missing()).isEmpty();
        assertThat(numbered("other_0001.csv", "o1").missing()).isEmpty();
    }

    @Test
    void filesWithoutTrafficAreThereThoughOneIsLikeTheOther() throws Exception {
        assertThat(empty("night_0001.csv")).isInstanceOf(FileOutcome.Done.class);
        assertThat(empty("night_0002.csv")).isInstanceOf(FileOutcome.Repeated.class);
        assertThat(numbered("night_0003.csv", "n3").missing()).isEmpty();
    }

    @Test
    void numbersThatBeginAnewHaveGapsAsBefore() throws Exception {
        String firstRound = "tap_4–399, tap_401–799, tap_801–997";
        assertThat(missing(1, 1, 2, 3, 400, 800, 998, 999)).hasToString("[" + firstRound + "]");
        assertThat(missing(2, 1, 3)).hasToString("[" + firstRound + ", tap_2]");
        assertThat(missing(1, 997)).hasToString("[tap_4–399, tap_401–799, tap_801–996, tap_2]");
        assertThat(missing(2, 2, 5)).hasToString("[tap_4–399, tap_401–799, tap_801–996, tap_4]");
        assertThat(new FileSequence("a", 999, 3).upTo(1_001))
                .containsExactly(new FileOutcome.Missing("a", 999, 999), new FileOutcome.Missing("a", 1, 1));
        assertThat(new FileSequence("a", 1_000, 3).upTo(1_000)).as("number 0").isEmpty();
    }

    @Test
    void numbersWithoutLeadingZerosHaveTheirPlaceAlsoWhenTheyComeLate() throws Exception {
        List<FileOutcome.Missing> missing = List.of();
        for (int number : List.of(899, 901, 999, 1000, 1003, 1500, 900)) {
            missing = numbered("plain_" + number + ".csv", "plain-" + number).missing();
        }
        assertThat(missing).hasToString("[plain_902–998, plain_1001–1002, plain_1004–1499]");
    }

    @Test
    void manyFilesOfOneStreamHideNoGapOfAnother() throws Exception {
        numbered("a_0001.csv", "a1");
        numbered("a_0003.csv", "a3");
        TestDatabase.execute(fixture.config, """
                INSERT INTO usage_file_number (source, stream, place, digits, seen_at)
                SELECT '%s', 'z_', n, 5, '%s' FROM generate_series(1, 10001) AS n
                """.formatted(terms.name(), now()));
        assertThat(numbered("z_10002.csv", "z1").missing()).hasToString("[a_2]");
    }

    private FileOutcome empty(String name) throws Exception {
        return imports().run(source(file(name, HEADER), true, false), tally -> {});
    }

    @Test
    void fileOfLongAgoThatComesOnceMoreLeavesNothingMissing() throws Exception {
        for (int number : new int[] {7_005, 7_003, 7_004, 7_006}) {
            assertThat(numbered("once_%05d.csv".formatted(number), "once-" + number)
                            .missing())
                    .hasToString(number == 7_003 ? "[once_7004]" : "[]");
        }
        assertThat(numbered("once_00123.csv", "once-123").missing()).isEmpty();
        assertThat(numbered("once_06990.csv", "once-6990").missing())
                .as("it may have come late")
                .hasToString("[once_6991–7002]");
    }

    private List<FileOutcome.Missing> missing(int round, int... numbers) throws Exception {
        List<FileOutcome.Missing> missing = List.of();
        for (int number : numbers) {
            missing = numbered("tap_%03d.csv".formatted(number), round + "-" + number)
                    .missing();
        }
        return missing;
    }

    @Test
    void aWatchedFolderThatIsOpenedAnewStillTellsWhatIsMissing() throws Exception {
        numbered("day1_0001.csv", "d1");
        numbered("day1_0005.csv", "d5");
        numbered("day2_0001.csv", "e1");
        numbered("day2_0003.csv", "e3");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AtomicReference<Instant> now = new AtomicReference<>(fixture.now.get());
        FolderJob job = new FolderJob(
                new FolderFeed(terms, folder, true, false), imports(), now::get, Duration.ofDays(1), meters);
        job.round();
        assertThat(meters.get("octroi.usage.files.missing").gauge().value()).isEqualTo(4);
        numbered("day2_0002.csv", "e2");
        now.updateAndGet(at -> at.plusSeconds(60));
        job.round();
        assertThat(meters.get("octroi.usage.files.missing").gauge().value())
                .as("another gateway took one")
                .isEqualTo(3);
    }

    @Test
    void aFileOfAnotherFormOrSizeIsRefusedAsAWhole() throws Exception {
        for (String header : List.of(
                "id,imsi,end,up,down,plmn,colour",
                "id,imsi,imsi,end,up,down,plmn",
                "id,end,up,down,plmn",
                "id,imsi,end,up,plmn",
                "")) {
            assertThat(run(file("bad.csv", header + "\n" + row("r1", 1))))
                    .as(header)
                    .isInstanceOf(FileOutcome.Refused.class);
        }
        FileImport small = new FileImport(fixture.database, intake, fixture.clock, 10);
        assertThat(small.run(source(file("large.csv", HEADER + row("r1", 1)), false, false), tally -> {}))
                .isInstanceOf(FileOutcome.Refused.class);
        assertThat(used()).isZero();
    }

    @Test
    void blankLinesBehindTheEndMarkAreNothing() throws Exception {
        Path file = file("blank-end.csv", HEADER + row("b1", 100) + "#end,2\r\n\r\n \n");
        assertThat(imports().run(source(file, false, true), tally -> {})).isInstanceOf(FileOutcome.Incomplete.class);
        Files.writeString(file, HEADER + row("b1", 100) + row("b2", 100) + "#end,2\r\n\r\n \n");
        assertThat(imports().run(source(file, false, true), tally -> {})).isInstanceOf(FileOutcome.Done.class);
        assertThat(used()).isEqualTo(200);
    }

    @Test
    void aBusyGatewaySlowsTheImportAndLosesNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FileImport busy = new FileImport(
                fixture.database,
                intake,
                (feed, read) -> calls.incrementAndGet() < 3
                        ? Future.failedFuture(new OverloadedException())
                        : intake.records(feed, read),
                fixture.clock,
                MAX_BYTES);
        FileOutcome.Done done = (FileOutcome.Done) busy.run(
                source(file("busy.csv", HEADER + row("r1", 100)), false, false), tally -> {});
        assertThat(done.tally().counted()).isEqualTo(1);
        assertThat(calls).hasValue(3);
    }

    @Test
    void rowsWithoutIdOfAFileThatBrokeOffAreCountedOnceUnderAnotherName() throws Exception {
        String one = imsi + "," + now() + ",0,100,208-01,web\n";
        StringBuilder content = new StringBuilder("imsi,end,up,down,plmn,category\n");
        for (int i = 0; i <= FileImport.CHUNK; i++) {
            content.append(one);
        }
        AtomicInteger calls = new AtomicInteger();
        FileImport dying = new FileImport(
                fixture.database,
                intake,
                (feed, read) -> {
                    if (calls.incrementAndGet() > 1) {
                        throw new IllegalStateException("the gateway dies");
                    }
                    return intake.records(feed, read);
                },
                fixture.clock,
                MAX_BYTES);
        Path file = file("day.csv", content.toString());
        assertThatThrownBy(() -> dying.run(source(file, false, false), tally -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(used()).isEqualTo(100L * FileImport.CHUNK);

        FileOutcome.Done done = (FileOutcome.Done) run(file("day_retry.csv", content.toString()));
        assertThat(done.tally()).isEqualTo(new FileTally(1, FileImport.CHUNK, 0, 0));
        assertThat(run(file("day_3.csv", content.toString()))).isEqualTo(new FileOutcome.Repeated("day.csv"));
        assertThat(used()).isEqualTo(100L * (FileImport.CHUNK + 1));
    }

    @Test
    void balancesAndSessionsAreColumnsToo() throws Exception {
        Path file = file(
                "balance.csv",
                "ID, IMSI ,Meaning,session,end,remaining,total,plmn\r\n" + "b1," + imsi
                        + ",absolute_remaining,bundle-1," + now() + ",600,1000,208-01\r\n");
        assertThat(((FileOutcome.Done) run(file)).tally().counted()).isEqualTo(1);
        assertThat(used()).isEqualTo(400);
    }

    @Test
    void aWatchedFolderTakesWhatIsCompleteAndPutsItAway() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("u_2.csv"), HEADER + row("w2", 10));
        Files.writeString(inbox.resolve("u_1.csv"), HEADER + row("w1", 10) + row("w3", "x"));
        Files.writeString(inbox.resolve("u_3.csv.part"), HEADER + row("w4", 1_000));
        Files.writeString(inbox.resolve(".u_4.csv"), HEADER + row("w5", 1_000));
        Files.writeString(inbox.resolve("cut.csv"), HEADER + "w6," + imsi);
        Files.writeString(inbox.resolve("bad.csv"), "what\n");
        Files.writeString(inbox.resolve("young.csv"), HEADER + row("w7", 1_000));
        for (String each : List.of("u_1.csv", "u_2.csv", "u_3.csv.part", ".u_4.csv", "cut.csv", "bad.csv")) {
            Files.setLastModifiedTime(
                    inbox.resolve(each), FileTime.from(fixture.now.get().minusSeconds(60)));
        }
        Files.setLastModifiedTime(inbox.resolve("young.csv"), FileTime.from(fixture.now.get()));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        for (String each : List.of("done", "refused", "rejected")) {
            Files.createDirectory(inbox.resolve(each));
        }
        FolderJob job = new FolderJob(
                new FolderFeed(terms, inbox, true, false), imports(), fixture.clock, Duration.ofSeconds(10), meters);
        job.round();
        assertThat(names(inbox))
                .containsExactlyInAnyOrder("u_3.csv.part", ".u_4.csv", "cut.csv", "young.csv", ".octroi.lock");
        assertThat(names(inbox.resolve("done"))).containsExactlyInAnyOrder("u_1.csv", "u_2.csv");
        assertThat(names(inbox.resolve("refused"))).containsExactly("bad.csv");
        assertThat(names(inbox.resolve("rejected"))).containsExactly("u_1.csv.rejected.csv");
        assertThat(used()).isEqualTo(20);
        assertThat(meters.counter("octroi.usage.files", "source", terms.name(), "result", "done")
                        .count())
                .isEqualTo(2);
        Files.writeString(inbox.resolve("u_2.csv"), HEADER + row("w8", 5));
        Files.setLastModifiedTime(
                inbox.resolve("u_2.csv"), FileTime.from(fixture.now.get().minusSeconds(60)));
        job.round();
        assertThat(names(inbox.resolve("done"))).contains("2-u_2.csv");
        assertThat(used()).isEqualTo(25);
    }

    @Test
    void rowsThatComeBeforeAFileIsPutAwayAreReadAtTheNextLook() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("growing"));
        Files.createDirectory(inbox.resolve("done"));
        Path file = Files.writeString(inbox.resolve("u.csv"), HEADER + row("g1", 10));
        FileTime settled = FileTime.from(fixture.now.get().minusSeconds(60));
        Files.setLastModifiedTime(file, settled);
        AtomicInteger looks = new AtomicInteger();
        // The import looks at its clock before it counts the rows and when all are counted.
        FileImport growing = new FileImport(
                fixture.database,
                intake,
                () -> {
                    if (looks.incrementAndGet() == 2) {
                        append(file, row("g2", 7));
                    }
                    return fixture.now.get();
                },
                MAX_BYTES);
        FolderJob job = new FolderJob(
                new FolderFeed(terms, inbox, false, false),
                growing,
                fixture.clock,
                Duration.ofSeconds(10),
                new SimpleMeterRegistry());
        job.round();
        assertThat(names(inbox)).contains("u.csv");
        assertThat(used()).isEqualTo(10);
        Files.setLastModifiedTime(file, settled);
        job.round();
        assertThat(names(inbox.resolve("done"))).containsExactly("u.csv");
        assertThat(used()).isEqualTo(17);
    }

    @Test
    void anIncompleteFileIsReadAgainOnlyOnceItHasChangedOrAnHourLater() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("unfinished"));
        Files.createDirectory(inbox.resolve("done"));
        Path file = Files.writeString(inbox.resolve("u.csv"), HEADER + row("i1", 10) + "#end,2\n");
        Files.setLastModifiedTime(file, FileTime.from(fixture.now.get().minusSeconds(60)));
        AtomicReference<Instant> now = new AtomicReference<>(fixture.now.get());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        FolderJob job = new FolderJob(
                new FolderFeed(terms, inbox, false, true), imports(), now::get, Duration.ofSeconds(10), meters);
        Counter incomplete = meters.counter("octroi.usage.files", "source", terms.name(), "result", "incomplete");

        job.round();
        job.round();
        assertThat(incomplete.count()).as("not changed").isEqualTo(1);
        now.updateAndGet(at -> at.plus(Duration.ofMinutes(61)));
        job.round();
        assertThat(incomplete.count()).as("an hour later").isEqualTo(2);
        assertThat(meters.get("octroi.usage.files.incomplete").gauge().value()).isEqualTo(1);

        Files.writeString(file, HEADER + row("i1", 10) + row("i2", 7) + "#end,2\n");
        Files.setLastModifiedTime(file, FileTime.from(fixture.now.get().minusSeconds(50)));
        job.round();
        assertThat(names(inbox.resolve("done"))).containsExactly("u.csv");
        assertThat(used()).isEqualTo(17);
        assertThat(meters.get("octroi.usage.files.incomplete").gauge().value()).isZero();
    }

    @Test
    void aFileFromTheFutureIsToldAndTakenThen() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("ahead"));
        Files.createDirectory(inbox.resolve("done"));
        Path file = Files.writeString(inbox.resolve("u.csv"), HEADER + row("f1", 10));
        Files.setLastModifiedTime(file, FileTime.from(fixture.now.get().plus(Duration.ofHours(1))));
        AtomicReference<Instant> now = new AtomicReference<>(fixture.now.get());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        FolderJob job = new FolderJob(
                new FolderFeed(terms, inbox, false, false), imports(), now::get, Duration.ofSeconds(10), meters);

        job.round();
        assertThat(meters.get("octroi.usage.files.ahead").gauge().value()).isEqualTo(1);
        assertThat(used()).isZero();

        now.updateAndGet(at -> at.plus(Duration.ofMinutes(61)));
        job.round();
        assertThat(meters.get("octroi.usage.files.ahead").gauge().value()).isZero();
        assertThat(used()).isEqualTo(10);
    }

    @Test
    void aFolderThatAnotherGatewayHoldsIsLeftAlone() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("held"));
        Path file = Files.writeString(inbox.resolve("u.csv"), HEADER + row("h1", 10));
        Files.setLastModifiedTime(file, FileTime.from(fixture.now.get().minusSeconds(60)));
        Files.createDirectory(inbox.resolve("done"));
        FolderJob job = new FolderJob(
                new FolderFeed(terms, inbox, false, false),
                imports(),
                fixture.clock,
                Duration.ofSeconds(10),
                new SimpleMeterRegistry());
        try (FileChannel other = FileChannel.open(
                        inbox.resolve(".octroi.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            job.round();
            assertThat(used()).isZero();
        }
        job.round();
        assertThat(used()).isEqualTo(10);
    }

    @Test
    void foldersAreReadStrictlyFromTheirFile() throws Exception {
        Path file = folder.resolve("folders.yaml");
        Files.writeString(file, """
                folders:
                  - name: pgw-paris
                    folder: /srv/usage/pgw-paris
                    imsiPrefixes: ["20801"]
                    numbered: true
                """);
        assertThat(FolderFeed.read(file))
                .containsExactly(new FolderFeed(
                        new FeedTerms("pgw-paris", 0, List.of("20801")), Path.of("/srv/usage/pgw-paris"), true, false));
        for (String bad : List.of(
                "folders: 5",
                "folders: [{name: a, folder: /a, colour: 1}]",
                "folders: [{name: a}]",
                "folders: [{name: 'a b', folder: /a}]",
                "folders: [{name: a, folder: /a}, {name: b, folder: /a}]",
                "folders: [{name: a, folder: /a, imsiPrefixes: [x]}]",
                "folders: [{name: a, folder: /a, imsiPrefixes: '20801'}]",
                "folders: [{name: a, folder: /a, imsiPrefixes: []}]",
                "folders: [{name: a, folder: /a, imsiPrefixes: [20801]}]",
                "folders: [{name: a, folder: /a, tenant: one}]",
                "folders: [{name: a, folder: /a, endMark: maybe}]")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> FolderFeed.read(file)).as(bad).isInstanceOf(IOException.class);
        }
    }

    private FileOutcome.Done numbered(String name, String id) throws Exception {
        return (FileOutcome.Done) imports().run(source(file(name, HEADER + row(id, 1)), true, false), tally -> {});
    }

    private FileOutcome run(Path file) throws Exception {
        return imports().run(source(file, false, false), tally -> {});
    }

    private static FileImport imports() {
        return new FileImport(fixture.database, intake, fixture.clock, MAX_BYTES);
    }

    private FileImport.Source source(Path file, boolean numbered, boolean needsEnd) {
        return new FileImport.Source(
                terms.feed(), file, folder.resolve(file.getFileName() + ".rejected.csv"), numbered, needsEnd);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private String row(String id, Object bytes) {
        return id + "," + imsi + "," + now() + ",0," + bytes + ",208-01,web\n";
    }

    private static void append(Path file, String row) {
        try {
            Files.writeString(file, Files.readString(file) + row);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String now() {
        return fixture.now.get().toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
    }

    private long used() {
        return used(account);
    }

    private static long used(AccountKey key) {
        return fixture.number(
                "SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = ?", key.accountId());
    }

    private long ledgerRows() {
        return fixture.number("SELECT count(*) FROM ledger WHERE account_id = ?", account.accountId());
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
