package dev.octroi.charging;

import dev.octroi.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages of charging sessions, by the standard and with the habits of a product, and spending limit contexts. */
public final class ChargingReaderFuzz implements FuzzTarget {
    private static final int MAX_KEPT_BYTES = 5_000;

    private final ChargingReader strict = new ChargingReader(ChargingProfile.STRICT, false);
    private final ChargingReader quirky = new ChargingReader(ChargingProfile.FREE5GC, true);

    @Override
    public void feed(byte[] input) {
        refusable(() -> keepable(strict.read(input)));
        refusable(() -> keepable(quirky.read(input)));
        refusable(() -> keepable(SpendingContext.read(input).kept().encode()));
        ChargingRef.of(new String(input, StandardCharsets.ISO_8859_1));
    }

    /** What is kept of a message has to fit into its columns, and PostgreSQL takes no text with a NUL. */
    private static void keepable(ChargingMessage message) {
        message.rat().ifPresent(ChargingReaderFuzz::keepable);
        message.notifyUri().ifPresent(ChargingReaderFuzz::keepable);
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            for (ChargingMessage.Container container : usage.containers()) {
                container.rat().ifPresent(ChargingReaderFuzz::keepable);
            }
        }
    }

    private static void keepable(String text) {
        if (text.indexOf('\0') >= 0 || text.getBytes(StandardCharsets.UTF_8).length > MAX_KEPT_BYTES) {
            throw new AssertionError("a text that cannot be kept");
        }
    }

    private static void refusable(Runnable reading) {
        try {
            reading.run();
        } catch (NfProblem.RefusedException refused) {
            if (refused.problem().toJson().isEmpty()) {
                throw new AssertionError("a refusal that says nothing");
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(json("""
                        {"nfConsumerIdentification":{"nodeFunctionality":"SMF","nFName":"3fa85f64-5717-4562-b3fc-2c963f66afa6"},
                        "invocationTimeStamp":"2026-11-01T10:00:00Z","invocationSequenceNumber":1,"chargingId":7,
                        "subscriberIdentifier":"imsi-208011234567890","notifyUri":"https://smf.example/notify",
                        "pDUSessionChargingInformation":{"userInformation":{"servedPEI":"imeisv-3569380356438001"},
                        "userLocationinfo":{"nrLocation":{"tai":{"plmnId":{"mcc":"208","mnc":"01"},"tac":"007501"},
                        "ncgi":{"plmnId":{"mcc":"208","mnc":"01"},"nrCellId":"000000001"}}},
                        "pduSessionInformation":{"pduSessionID":5,"dnnId":"internet","ratType":"NR"}},
                        "multipleUnitUsage":[{"ratingGroup":1,"requestedUnit":{}}]}"""), json("""
                        {"nfConsumerIdentification":{"nodeFunctionality":"SMF"},"invocationTimeStamp":"2026-11-01T10:00:00+01:00",
                        "invocationSequenceNumber":0,"oneTimeEvent":true,"multipleUnitUsage":[{"ratingGroup":4294967295,
                        "uPFID":"u","usedUnitContainer":[{"localSequenceNumber":0,"triggerTimestamp":"2026-11-01T10:00:00Z",
                        "uplinkVolume":1,"downlinkVolume":2,"totalVolume":-5,"triggers":[{"triggerType":"FINAL",
                        "triggerCategory":"IMMEDIATE_REPORT"}],"pDUContainerInformation":{"rATType":"EUTRA",
                        "userLocationInformation":{"eutraLocation":{"tai":{"plmnId":{"mcc":"310","mnc":"150"},"tac":"1D4E"},
                        "ecgi":{"eutraCellId":"0A1B2C3"}}}}}]}]}"""), json("""
                        {"supi":"imsi-208011234567890","notifUri":"https://pcf.example/x","notifId":"n",
                        "policyCounterIds":["octroi-volume","other"],"expiry":"2027-01-01T00:00:00Z"}"""), json("AAAAAQAAAAAAAAEAAAAAAAAAAgA"));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
