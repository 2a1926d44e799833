package dev.octroi.cli;

import dev.octroi.rsp.bound.ProfileIcon;
import dev.octroi.rsp.type.TypeTerms;
import dev.octroi.rsp.type.TypeTermsJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The terms of a profile type as options; what is not given has the default of the admin API. */
final class TypeTermsOptions {
    @Option(
            names = "--service-provider-name",
            paramLabel = "TEXT",
            required = true,
            description = "Shown on devices, at most 32 bytes of UTF-8.")
    private String serviceProviderName = "";

    @Option(
            names = "--profile-name",
            paramLabel = "TEXT",
            required = true,
            description = "Shown on devices, at most 64 bytes of UTF-8; a batch may give each profile its own.")
    private String profileName = "";

    @Option(
            names = "--owner",
            paramLabel = "MCC-MNC",
            required = true,
            description = "Network code of the operator, such as 208-93.")
    private String owner = "";

    @Option(names = "--gid1", paramLabel = "HEX", description = "Group identifier 1 of the owner.")
    private @Nullable String gid1;

    @Option(names = "--gid2", paramLabel = "HEX", description = "Group identifier 2 of the owner.")
    private @Nullable String gid2;

    @Option(names = "--icon", paramLabel = "FILE", description = "A .png or .jpg of at most 1024 bytes.")
    private @Nullable Path icon;

    @Option(
            names = "--profile-class",
            paramLabel = "CLASS",
            defaultValue = "operational",
            description = "operational, provisioning or test (default: ${DEFAULT-VALUE}).")
    private String profileClass = "operational";

    @Option(
            names = "--policy-rule",
            paramLabel = "RULE",
            description = "disable-not-allowed (PPR1) or delete-not-allowed (PPR2); may be given twice.")
    private List<String> policyRules = List.of();

    @Option(
            names = "--protection",
            paramLabel = "HOW",
            defaultValue = "session-keys",
            description = "session-keys, or ppk to encrypt ahead of the download (default: ${DEFAULT-VALUE}).")
    private String protection = "session-keys";

    @Option(
            names = "--download-limit",
            paramLabel = "N",
            defaultValue = "" + TypeTerms.DEFAULT_DOWNLOADS,
            description = "Attempts for one order, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int downloadLimit = TypeTerms.DEFAULT_DOWNLOADS;

    @Option(
            names = "--confirmation-limit",
            paramLabel = "N",
            defaultValue = "" + TypeTerms.DEFAULT_CONFIRMATIONS,
            description = "Wrong confirmation codes for one order, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int confirmationLimit = TypeTerms.DEFAULT_CONFIRMATIONS;

    /**
     * The terms.
     *
     * @throws IllegalArgumentException when a value contradicts the standard; the message is for whoever typed it
     */
    TypeTerms read() throws IOException {
        JsonObject ownerJson = new JsonObject().put("plmn", owner);
        if (gid1 != null) {
            ownerJson.put("gid1", gid1);
        }
        if (gid2 != null) {
            ownerJson.put("gid2", gid2);
        }
        JsonObject json = new JsonObject()
                .put("serviceProviderName", serviceProviderName)
                .put("profileName", profileName)
                .put("owner", ownerJson)
                .put("profileClass", profileClass)
                .put("policyRules", new JsonArray(policyRules))
                .put("protection", protection)
                .put("downloadLimit", downloadLimit)
                .put("confirmationLimit", confirmationLimit);
        if (icon != null) {
            json.put("icon", icon(icon));
        }
        TypeTerms terms = TypeTermsJson.read(json);
        // What the standard wants of metadata is held against an example, before profiles depend on it.
        terms.example();
        return terms;
    }

    private static JsonObject icon(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean png = name.endsWith(".png");
        if (!png && !name.endsWith(".jpg") && !name.endsWith(".jpeg")) {
            throw new IllegalArgumentException("an icon is a .png or a .jpg");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(ProfileIcon.MAX_BYTES + 1);
            return new JsonObject()
                    .put("type", png ? "png" : "jpg")
                    .put("data", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
