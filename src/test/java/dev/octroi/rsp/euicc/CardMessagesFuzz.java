package dev.octroi.rsp.euicc;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.time.InstantSource;
import java.util.List;

/** The functions of ES10b that take what a server sent, in each state of the card. */
public final class CardMessagesFuzz implements FuzzTarget {
    private final VirtualEuicc card =
            VirtualEuicc.create(FuzzPki.pki(), FuzzPki.EID, InstantSource.fixed(FuzzPki.NOW), FuzzPki.RANDOM);
    private final TestSmdp server = new TestSmdp(FuzzPki.pki().material(), FuzzPki.RANDOM);

    @Override
    public void feed(byte[] input) {
        try {
            Tlv element = Tlv.parse(input);
            card.authenticateServer(element);
            card.euiccChallenge();
            card.authenticateServer(element);
            card.prepareDownload(element);
            card.cancelSession(element.value(), 1);
        } catch (MalformedTlvException declared) {
            // Not even one element.
        }
    }

    @Override
    public List<byte[]> seeds() throws Exception {
        Tlv request = server.authenticateServerRequest(card.euiccChallenge());
        Tlv prepare = server.prepareDownloadRequest(card.authenticateServer(request), new byte[32]);
        return List.of(request.raw(), prepare.raw());
    }
}
