package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.bound.Binding;
import dev.octroi.rsp.bound.ProfileOwner;
import dev.octroi.rsp.bound.ProtectedProfile;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.profile.MinimalProfile;
import dev.octroi.rsp.profile.Subscriber;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The product's packages on the product's card: the two were written apart. */
final class BoundPackageOnCardTest {
    private static final String EID = GsmaEid.test(3);
    private static final Iccid ICCID = Iccid.withCheckDigit("893301234567890123");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"P256,false", "P256,true", "BRAINPOOL_P256R1,false", "BRAINPOOL_P256R1,true"})
    void cardFindsTheOrderedProfile(GsmaCurve curve, boolean protectionKeys) throws Exception {
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z"));
        GsmaTestPki pki = GsmaTestPki.open(folder, curve, List.of("localhost"), GsmaTestPki.SMDP_OID, clock, random);
        VirtualEuicc card = VirtualEuicc.create(pki, EID, clock, random);
        TestSmdp server = new TestSmdp(pki.material(), random);
        Tlv authenticated = card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()));
        Tlv prepared = card.prepareDownload(server.prepareDownloadRequest(authenticated, new byte[0]));

        byte[] profile = MinimalProfile.template("Octroi travel", "Octroi", new Plmn("208", "01"))
                .personalise(new Subscriber(ICCID, new Imsi("208011234567890"), new byte[16], new byte[16]));
        Tlv metadata = dev.octroi.rsp.bound.ProfileMetadata.simple(
                        ICCID,
                        "Octroi",
                        "France 3 GB",
                        "localhost:8444",
                        new ProfileOwner(new Plmn("208", "01"), new byte[0], new byte[0]))
                .encode();
        Binding binding = new Binding(
                curve == GsmaCurve.P256 ? Curve.P256 : Curve.BRAINPOOL_P256R1,
                pki.material().dpPb().privateKey(),
                new Eid(EID),
                server.transactionId,
                prepared.require(0xA0).require(0x30).require(0x5F49).value());
        byte[] bound = (protectionKeys
                        ? binding.bind(metadata, ProtectedProfile.protect(profile, random), random)
                        : binding.bind(metadata, profile, random))
                .bytes();

        Optional<PendingNotification> result = Optional.empty();
        for (byte[] segment : BoundPackageSegments.cut(Tlv.parse(bound, TlvLimits.PACKAGE))) {
            result = card.loadSegment(segment);
        }
        assertThat(result).as(card.lastRefusal().orElse("")).isPresent();
        assertThat(card.profiles())
                .as(card.lastRefusal().orElse(""))
                .singleElement()
                .satisfies(installed -> {
                    assertThat(installed.iccid()).isEqualTo(ICCID.digits());
                    assertThat(installed.sizeBytes()).isEqualTo(profile.length);
                });
    }
}
