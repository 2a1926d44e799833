package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.euicc.LpaException.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run of the profile download procedure (SGP.22 v2.5 §3.1.3). */
final class LpaDownload {
    private static final int MAX_CODE_ATTEMPTS = 3;
    private static final int END_USER_REJECTION = 0;
    private static final int METADATA_MISMATCH = 4;
    private static final int LOAD_ERROR = 5;

    private final VirtualEuicc card;
    private final Es9Client server;
    private final ActivationCode code;
    private final Supplier<Optional<String>> confirmationCode;
    private final Consumer<String> beforeStep;
    private final List<DownloadReport.Step> steps = new ArrayList<>();
    private long stepStartNanos = System.nanoTime();

    LpaDownload(
            VirtualEuicc card,
            Es9Client server,
            ActivationCode code,
            Supplier<Optional<String>> confirmationCode,
            Consumer<String> beforeStep) {
        this.card = card;
        this.server = server;
        this.code = code;
        this.confirmationCode = confirmationCode;
        this.beforeStep = beforeStep;
    }

    DownloadReport run() throws LpaException {
        try {
            Es9Client.Answer initiated = initiate();
            byte[] transactionId = transactionId(initiated);
            Tlv authenticated = authenticateServer(initiated, transactionId);
            Es9Client.Answer offered = authenticateClient(initiated.text("transactionId"), authenticated);
            requireSame("authenticateClient", transactionId, transactionId(offered));
            Tlv metadata = offered.element("profileMetadata", 0xBF25);
            ProfileMetadata shown = read(metadata);
            Tlv bound = boundPackage(initiated.text("transactionId"), transactionId, offered);
            if (!Arrays.equals(metadata.raw(), BoundPackageSegments.metadata(bound))) {
                cancel(transactionId, METADATA_MISMATCH);
                throw refused(Source.LPA, "getBoundProfilePackage", "the package has other metadata");
            }
            install(transactionId, bound);
            return new DownloadReport(shown.iccid(), shown.serviceProvider(), shown.profileName(), steps);
        } catch (MalformedTlvException e) {
            throw refused(Source.LPA, "download", "malformed: " + e.getMessage());
        }
    }

    private Es9Client.Answer initiate() throws LpaException {
        ObjectNode request = Es9Client.request()
                .put("euiccChallenge", Es9Client.base64(card.euiccChallenge()))
                .put("euiccInfo1", Es9Client.base64(card.euiccInfo1().raw()))
                .put("smdpAddress", code.smdpAddress());
        Es9Client.Answer answer = call("initiateAuthentication", request);
        done("initiateAuthentication", "server answered");
        return answer;
    }

    private Tlv authenticateServer(Es9Client.Answer initiated, byte[] transactionId)
            throws LpaException, MalformedTlvException {
        Tlv signed = initiated.element("serverSigned1", 0x30);
        requireSame(
                "initiateAuthentication", transactionId, signed.require(0x80).value());
        if (!signed.require(0x83).asUtf8().equalsIgnoreCase(code.smdpAddress())) {
            throw refused(Source.LPA, "initiateAuthentication", "the server signed another address");
        }
        Tlv certificate = initiated.element("serverCertificate", 0x30);
        requireOid(certificate);
        List<Tlv> context = new ArrayList<>();
        if (!code.matchingId().isEmpty()) {
            context.add(Tlv.utf8(0x80, code.matchingId()));
        }
        context.add(card.facts().deviceInfo());
        beforeStep.accept("AuthenticateServer");
        Tlv answer = card.authenticateServer(Tlv.constructed(
                0xBF38,
                signed,
                initiated.element("serverSignature1", 0x5F37),
                initiated.element("euiccCiPKIdToBeUsed", 0x04),
                certificate,
                Tlv.constructed(0xA0, context)));
        done("AuthenticateServer", answer.find(0xA0).isPresent() ? "card accepts the server" : "card refuses");
        return answer;
    }

    private void requireOid(Tlv certificate) throws LpaException {
        if (code.smdpOid().isPresent()) {
            try {
                String oid = CardCertificate.read(certificate).requireEntityOid();
                if (!oid.equals(code.smdpOid().get())) {
                    throw refused(Source.LPA, "initiateAuthentication", "another OID than the activation code");
                }
            } catch (CardRefusal e) {
                throw refused(Source.LPA, "initiateAuthentication", "server certificate without OID");
            }
        }
    }

    private Es9Client.Answer authenticateClient(String transactionId, Tlv authenticated)
            throws LpaException, MalformedTlvException {
        ObjectNode request = Es9Client.request()
                .put("transactionId", transactionId)
                .put("authenticateServerResponse", Es9Client.base64(authenticated.raw()));
        if (authenticated.find(0xA1).isPresent()) {
            tellServer("authenticateClient", request);
            throw cardError("AuthenticateServer", authenticated);
        }
        Es9Client.Answer answer = call("authenticateClient", request);
        done("authenticateClient", "profile offered");
        return answer;
    }

    private Tlv boundPackage(String transactionText, byte[] transactionId, Es9Client.Answer offered)
            throws LpaException, MalformedTlvException {
        Tlv signed = offered.element("smdpSigned2", 0x30);
        boolean codeRequired = signed.require(0x01).asBoolean();
        for (int attempt = 1; ; attempt++) {
            Tlv prepared = prepare(transactionId, offered, signed, codeRequired);
            ObjectNode request = Es9Client.request()
                    .put("transactionId", transactionText)
                    .put("prepareDownloadResponse", Es9Client.base64(prepared.raw()));
            if (prepared.find(0xA1).isPresent()) {
                tellServer("getBoundProfilePackage", request);
                throw cardError("PrepareDownload", prepared);
            }
            try {
                Es9Client.Answer answer = call("getBoundProfilePackage", request);
                requireSame("getBoundProfilePackage", transactionId, transactionId(answer));
                Tlv bound = answer.element("boundProfilePackage", 0xBF36);
                done("getBoundProfilePackage", bound.rawLength() + " bytes");
                return bound;
            } catch (LpaException e) {
                boolean wrongCode = e.status().orElse("").equals("8.2.7/3.8");
                if (!wrongCode || attempt >= MAX_CODE_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Tlv prepare(byte[] transactionId, Es9Client.Answer offered, Tlv signed, boolean codeRequired)
            throws LpaException {
        List<Tlv> parts = new ArrayList<>();
        parts.add(signed);
        parts.add(offered.element("smdpSignature2", 0x5F37));
        if (codeRequired) {
            Optional<String> entered = confirmationCode.get();
            if (entered.isEmpty()) {
                cancel(transactionId, END_USER_REJECTION);
                throw refused(Source.LPA, "PrepareDownload", "no confirmation code was entered");
            }
            byte[] inner = CardCrypto.sha256(entered.get().getBytes(StandardCharsets.UTF_8));
            parts.add(Tlv.of(0x04, CardCrypto.sha256(inner, transactionId)));
        }
        parts.add(offered.element("smdpCertificate", 0x30));
        beforeStep.accept("PrepareDownload");
        Tlv prepared = card.prepareDownload(Tlv.constructed(0xBF21, parts));
        done("PrepareDownload", prepared.find(0xA0).isPresent() ? "one-time key made" : "card refuses");
        return prepared;
    }

    private void install(byte[] transactionId, Tlv bound) throws LpaException, MalformedTlvException {
        List<byte[]> segments = BoundPackageSegments.cut(bound);
        beforeStep.accept("LoadBoundProfilePackage");
        for (byte[] segment : segments) {
            Optional<PendingNotification> result = card.loadSegment(segment);
            if (result.isPresent()) {
                finish(result.get(), segments.size());
                return;
            }
        }
        cancel(transactionId, LOAD_ERROR);
        throw refused(Source.CARD, "LoadBoundProfilePackage", "no result after the last segment");
    }

    private void finish(PendingNotification result, int segmentCount) throws LpaException, MalformedTlvException {
        Tlv outcome = result.message().require(0xBF27).require(0xA2);
        if (outcome.find(0xA0).isPresent()) {
            done("LoadBoundProfilePackage", segmentCount + " segments, installed");
            return;
        }
        tellServer(
                "handleNotification",
                Es9Client.request()
                        .put(
                                "pendingNotification",
                                Es9Client.base64(result.message().raw())));
        card.removeNotification(result.sequenceNumber());
        Tlv error = outcome.require(0xA1);
        throw refused(
                Source.CARD,
                "LoadBoundProfilePackage",
                "command %d, reason %d: %s"
                        .formatted(
                                error.require(0x80).asInt(),
                                error.require(0x81).asInt(),
                                card.lastRefusal().orElse("")));
    }

    private void cancel(byte[] transactionId, int reason) throws LpaException {
        Tlv response = card.cancelSession(transactionId, reason);
        call(
                "cancelSession",
                Es9Client.request()
                        .put("transactionId", HexFormat.of().withUpperCase().formatHex(transactionId))
                        .put("cancelSessionResponse", Es9Client.base64(response.raw())));
    }

    private Es9Client.Answer call(String function, ObjectNode request) throws LpaException {
        beforeStep.accept(function);
        return server.call(code.smdpAddress(), function, request);
    }

    /** Lets the server know of a refusal of the card; what it says to that changes nothing. */
    private void tellServer(String function, ObjectNode request) {
        try {
            server.tell(code.smdpAddress(), function, request);
        } catch (LpaException ignored) {
            done(function, "server did not take the card's refusal");
        }
    }

    private static ProfileMetadata read(Tlv metadata) throws MalformedTlvException, LpaException {
        try {
            return ProfileMetadata.read(metadata);
        } catch (CardRefusal e) {
            throw refused(Source.LPA, "authenticateClient", "metadata: " + e.getMessage());
        }
    }

    private static byte[] transactionId(Es9Client.Answer answer) throws LpaException {
        String text = answer.text("transactionId");
        if (!text.toUpperCase(Locale.ROOT).matches("([0-9A-F]{2}){1,16}")) {
            throw refused(Source.LPA, answer.step(), "transactionId is not 1 to 16 bytes in hexadecimal");
        }
        return HexFormat.of().parseHex(text);
    }

    private static void requireSame(String step, byte[] expected, byte[] found) throws LpaException {
        if (!Arrays.equals(expected, found)) {
            throw refused(Source.LPA, step, "another transactionId");
        }
    }

    private LpaException cardError(String function, Tlv response) throws LpaException, MalformedTlvException {
        int error = response.require(0xA1).require(0x02).asInt();
        return refused(
                Source.CARD,
                function,
                "error " + error + ": " + card.lastRefusal().orElse(""));
    }

    private static LpaException refused(Source source, String step, String message) {
        return new LpaException(source, step, message);
    }

    private void done(String name, String detail) {
        long now = System.nanoTime();
        steps.add(new DownloadReport.Step(name, Duration.ofNanos(now - stepStartNanos), detail));
        stepStartNanos = now;
    }
}
