package dev.octroi.api.device;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A request in the ASN.1 binding (SGP.22 §6.6): RemoteProfileProvisioningRequest, A2.
 *
 * <p>Two of its structures have no tags of their own in the module, so that automatic tagging gives them context tags;
 * encoders differ in whether they follow. Both forms are read.
 */
final class Asn1Input implements Es9Input {
    private final Tlv request;

    private Asn1Input(Tlv request) {
        this.request = request;
    }

    static Asn1Input read(Buffer body, Es9Function function) throws Es9InputException {
        try {
            return new Asn1Input(Tlv.parse(body.getBytes()).expect(0xA2).require(function.tag()));
        } catch (MalformedTlvException e) {
            throw Es9InputException.invalid();
        }
    }

    @Override
    public TransactionId transactionId() throws Es9InputException {
        try {
            return TransactionId.of(require(0x80).asBytes(1, 16));
        } catch (MalformedTlvException e) {
            throw new Es9InputException(GsmaStatus.TRANSACTION_UNKNOWN);
        }
    }

    @Override
    public byte[] challenge() throws Es9InputException {
        return require(0x81).value();
    }

    @Override
    public String address() throws Es9InputException {
        try {
            return require(0x83).asUtf8();
        } catch (MalformedTlvException e) {
            throw Es9InputException.invalid();
        }
    }

    @Override
    public Tlv element(String name, int tag) throws Es9InputException {
        if (tag == 0) {
            return pendingNotification();
        }
        Optional<Tlv> found = request.find(tag);
        if (found.isPresent()) {
            return found.get();
        }
        // The automatic tag stands in the place of the own one, or around it.
        Tlv automatic = require(0xA1);
        Optional<Tlv> within = automatic.find(tag);
        if (within.isPresent()) {
            return within.get();
        }
        return Tlv.constructed(tag, automatic.children());
    }

    private Tlv pendingNotification() throws Es9InputException {
        Optional<Tlv> automatic = request.find(0xA0);
        Tlv holder = automatic.orElse(request);
        if (holder.children().isEmpty()) {
            throw Es9InputException.missing();
        }
        return holder.children().getFirst();
    }

    private Tlv require(int tag) throws Es9InputException {
        return request.find(tag).orElseThrow(Es9InputException::missing);
    }
}
