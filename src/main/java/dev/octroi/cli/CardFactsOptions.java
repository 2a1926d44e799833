package dev.octroi.cli;

import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.DeviceInfo;
import dev.octroi.rsp.euicc.PolicyRule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a new card and its device say of themselves. */
final class CardFactsOptions {
    @Option(
            names = "--svn",
            paramLabel = "VERSION",
            defaultValue = "2.5.0",
            description = "SGP.22 version of the card, such as 2.2.0, 2.2.2, 2.3.0 (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String version;

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            defaultValue = "524288",
            description = "Memory for profiles (default: ${DEFAULT-VALUE}).")
    private int memoryBytes;

    @Option(
            names = "--ram",
            paramLabel = "BYTES",
            defaultValue = "24576",
            description = "Volatile memory that the card reports (default: ${DEFAULT-VALUE}).")
    private int ramBytes;

    @Option(
            names = "--forbid",
            paramLabel = "RULES",
            defaultValue = "",
            description = "Policy rules that the card allows to nobody: ppr1, ppr2 or ppr1,ppr2.")
    @SuppressWarnings("NullAway.Init")
    private String forbidden;

    @Option(names = "--test-mode", description = "Take profiles of class test.")
    private boolean testMode;

    @Option(names = "--tac", paramLabel = "DIGITS", description = "Type of the device, 8 digits.")
    private @Nullable String tac;

    @Option(
            names = "--imei",
            paramLabel = "DIGITS",
            description = "Number of the device, 15 digits; else kept private.")
    private @Nullable String imei;

    @Option(
            names = "--radio",
            paramLabel = "RADIO=RELEASE",
            description = "A radio of the device (gsm, utran, eutran, nr) and its 3GPP release. May be repeated.")
    private Map<String, Integer> radios = new LinkedHashMap<>();

    /** Reads the options; an IllegalArgumentException says what is out of range. */
    CardFacts facts() {
        DeviceInfo usual = DeviceInfo.standard();
        String type = tac != null ? tac : imei != null && imei.length() > 8 ? imei.substring(0, 8) : usual.tac();
        DeviceInfo device = new DeviceInfo(type, imei, radios.isEmpty() ? usual.releases() : radios);
        return new CardFacts(version, memoryBytes, ramBytes, PolicyRule.named(forbidden), testMode, device);
    }
}
