package dev.octroi.usage;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TempFolders;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines of usage records and location reports. */
public final class JsonRecordsFuzz implements FuzzTarget {
    private static final Feed FEED = new Feed("fuzz", imsi -> imsi.startsWith("208"), true, 0);

    private final JsonRecords records;

    public JsonRecordsFuzz() throws Exception {
        records = new JsonRecords(new BlindIndex(Keyring.open(TempFolders.create("fuzz"), FuzzPki.RANDOM)));
    }

    @Override
    public void feed(byte[] input) {
        records.usage(input, FEED, FuzzPki.NOW);
        records.usage(input, FEED, FuzzPki.NOW, "p0@17.1793440800000");
        records.location(input, FEED);
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                json("{\"id\":\"r-1\",\"imsi\":\"208011234567890\",\"end\":\"2026-11-01T10:00:00Z\",\"up\":10,"
                        + "\"down\":20,\"plmn\":\"208-01\",\"tac\":\"1D4E\",\"cell\":\"0A1\",\"rat\":\"lte\","
                        + "\"category\":\"video\"}"),
                json("{\"id\":\"r-2\",\"iccid\":\"8933012345678901238\",\"meaning\":\"session_cumulative\","
                        + "\"session\":\"s\",\"sessionStart\":\"2026-11-01T09:00:00+01:00\",\"counterBits\":32,"
                        + "\"start\":\"2026-11-01T09:00:00Z\",\"end\":\"2026-11-01T10:00:00Z\",\"up\":1,\"down\":2,"
                        + "\"plmn\":\"208-010\"}"),
                json("{\"id\":\"r-3\",\"iccid\":\"8933012345678901238\",\"meaning\":\"absolute_remaining\","
                        + "\"session\":\"bundle-1\",\"end\":\"2026-11-01T10:00:00Z\",\"remaining\":1,\"total\":2,"
                        + "\"plmn\":\"208-01\"}"),
                json("{\"imsi\":\"208011234567890\",\"plmn\":\"208-01\",\"at\":\"2026-11-01T10:00:00Z\"}"));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
