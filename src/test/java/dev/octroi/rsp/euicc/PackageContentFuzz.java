package dev.octroi.rsp.euicc;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;

/** What a card reads behind the secure channel: metadata and profile elements. And the certificates of servers. */
public final class PackageContentFuzz implements FuzzTarget {
    private final TestSmdp server = new TestSmdp(FuzzPki.pki().material(), FuzzPki.RANDOM);

    @Override
    public void feed(byte[] input) {
        attempt(() -> ProfileMetadata.parse(input).notifications());
        attempt(() -> ProfileMetadata.read(Tlv.parse(input)).iccid());
        attempt(() -> ProfilePackage.parse(input).elementCount());
        attempt(() -> CardCertificate.read(input).policies());
        attempt(() -> BoundPackageSegments.cut(Tlv.parse(input)));
        attempt(() -> BoundPackageSegments.metadata(Tlv.parse(input)));
    }

    private interface Reader {
        Object read() throws CardRefusal, MalformedTlvException;
    }

    private static void attempt(Reader reader) {
        try {
            reader.read();
        } catch (CardRefusal | MalformedTlvException declared) {
            // The declared failures.
        }
    }

    @Override
    public List<byte[]> seeds() {
        server.icon = new byte[64];
        server.rules = new byte[] {0x05, 0x60};
        return List.of(
                server.metadata().raw(),
                server.profile(),
                server.auth.certificateDer(),
                server.binding.certificateDer());
    }
}
